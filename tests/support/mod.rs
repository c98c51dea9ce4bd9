//! What the other tests stand on: folders, processes and a fake Packer.
