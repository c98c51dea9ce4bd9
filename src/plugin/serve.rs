use std::io::{self, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::time::timeout;
use tokio_util::compat::TokioAsyncReadCompatExt as _;

use super::Cancel;
use super::endpoint::Encoding;
use super::session::{self, Component, SessionError};

/// What Packer puts into the environment of a plugin that it starts; the same for all plugins.
const MAGIC_COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
/// How long Packer may take to connect; it does so at once.
const CONNECTING: Duration = Duration::from_secs(300);
/// How long what is under way may take to finish once Packer has hung up.
const FINISHING: Duration = Duration::from_secs(10);

/// What a plugin needs to know in order to meet Packer.
#[derive(Clone, Debug, Default)]
pub struct Handshake {
    /// `PACKER_PLUGIN_MAGIC_COOKIE`.
    pub magic_cookie: Option<String>,
    /// `PACKER_PLUGIN_MIN_PORT`, as text; read for TCP only.
    pub min_port: Option<String>,
    /// `PACKER_PLUGIN_MAX_PORT`, as text; read for TCP only.
    pub max_port: Option<String>,
    /// Where a unix socket may lie.
    pub socket_folder: PathBuf,
    /// Over what Packer connects.
    pub transport: Transport,
}

/// Over what Packer connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// A unix socket.
    Unix,
    /// TCP on the loopback interface.
    Tcp,
}

impl Default for Transport {
    /// What the SDK takes on this system.
    fn default() -> Self {
        if cfg!(windows) { Self::Tcp } else { Self::Unix }
    }
}

/// Why a plugin could not be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Nobody but Packer knows the cookie.
    #[error("this was not started by Packer")]
    NotPacker,
    /// Packer asked for what the plugin does not have.
    #[error("this plugin has no {0}")]
    NoSuchComponent(String),
    /// The two ports are not a range.
    #[error("PACKER_PLUGIN_MIN_PORT and PACKER_PLUGIN_MAX_PORT must be ports, the first not above the second")]
    Ports,
    /// No port of the range is free.
    #[error("no port between {0} and {1} is free for Packer to connect to")]
    NoFreePort(u16, u16),
    /// A step of the handshake failed.
    #[error("{step}: {cause}")]
    Io {
        /// What could not be done.
        step: &'static str,
        /// Why not.
        cause: io::Error,
    },
    /// Packer did not connect.
    #[error("Packer did not connect within {} seconds", CONNECTING.as_secs())]
    NobodyConnected,
    /// The conversation ended with an error.
    #[error(transparent)]
    Session(#[from] SessionError),
}

fn io(step: &'static str) -> impl Fn(io::Error) -> ServeError {
    move |cause| ServeError::Io { step, cause }
}

impl Handshake {
    pub(super) fn check_cookie(&self) -> Result<(), ServeError> {
        if self.magic_cookie.as_deref() == Some(MAGIC_COOKIE) { Ok(()) } else { Err(ServeError::NotPacker) }
    }
}

/// Tells Packer where to connect, and serves `component` to it until it hangs up.
pub(super) fn serve(component: Component, encoding: Encoding, handshake: &Handshake) -> Result<(), ServeError> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(io("cannot start the plugin"))?;
    let result = runtime.block_on(async {
        ignore_signals()?;
        match handshake.transport {
            Transport::Tcp => over_tcp(component, encoding, handshake).await,
            #[cfg(unix)]
            Transport::Unix => over_unix(component, encoding, handshake).await,
            #[cfg(not(unix))]
            Transport::Unix => over_tcp(component, encoding, handshake).await,
        }
    });
    finish(runtime);
    result
}

/// Lets what still runs, such as the writing of a record, come to its end.
fn finish(runtime: Runtime) {
    runtime.shutdown_timeout(FINISHING);
}

/// Ctrl-C in a terminal reaches plugins, too; it is Packer who decides what stops, and says so by Cancel.
fn ignore_signals() -> Result<(), ServeError> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
            // Once installed, the handler stays for the life of the process.
            let _installed = signal(kind).map_err(io("cannot ignore signals"))?;
        }
    }
    #[cfg(windows)]
    {
        let mut interrupts = tokio::signal::windows::ctrl_c().map_err(io("cannot ignore Ctrl-C"))?;
        tokio::spawn(async move { while interrupts.recv().await.is_some() {} });
    }
    Ok(())
}

#[cfg(unix)]
async fn over_unix(component: Component, encoding: Encoding, handshake: &Handshake) -> Result<(), ServeError> {
    let folder = SocketFolder::create(&handshake.socket_folder).map_err(io("cannot make a folder for the socket"))?;
    let path = folder.0.join("plugin.sock");
    let listener = tokio::net::UnixListener::bind(&path).map_err(io("cannot open a unix socket"))?;
    announce("unix", &path.to_string_lossy()).map_err(io("cannot tell Packer where to connect"))?;
    let accepted = timeout(CONNECTING, listener.accept()).await.map_err(|_| ServeError::NobodyConnected)?;
    let (socket, _) = accepted.map_err(io("cannot accept Packer's connection"))?;
    // One connection is all there will be: what lies in the file system can go, however this process ends.
    drop((listener, folder));
    Ok(session::serve(socket.compat(), component, encoding, Cancel::default()).await?)
}

/// A folder for one socket that nobody else may enter; removed when dropped.
#[cfg(unix)]
struct SocketFolder(PathBuf);

#[cfg(unix)]
impl SocketFolder {
    fn create(parent: &std::path::Path) -> io::Result<Self> {
        use std::os::unix::fs::DirBuilderExt as _;
        let name = uuid::Uuid::new_v4().simple().to_string();
        let folder = parent.join(format!("packer-plugin-{}", &name[..12]));
        std::fs::DirBuilder::new().mode(0o700).create(&folder)?;
        Ok(Self(folder))
    }
}

#[cfg(unix)]
impl Drop for SocketFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn over_tcp(component: Component, encoding: Encoding, handshake: &Handshake) -> Result<(), ServeError> {
    let listener = free_port(handshake).await?;
    let address = listener.local_addr().map_err(io("cannot open a port"))?;
    announce("tcp", &address.to_string()).map_err(io("cannot tell Packer where to connect"))?;
    let accepted = timeout(CONNECTING, listener.accept()).await.map_err(|_| ServeError::NobodyConnected)?;
    let (socket, _) = accepted.map_err(io("cannot accept Packer's connection"))?;
    drop(listener);
    let _ = socket.set_nodelay(true);
    Ok(session::serve(socket.compat(), component, encoding, Cancel::default()).await?)
}

async fn free_port(handshake: &Handshake) -> Result<TcpListener, ServeError> {
    let port = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<u16>().ok());
    let (Some(first), Some(last)) = (port(&handshake.min_port), port(&handshake.max_port)) else {
        return Err(ServeError::Ports);
    };
    if first > last {
        return Err(ServeError::Ports);
    }
    for port in first..=last {
        if let Ok(listener) = TcpListener::bind(("127.0.0.1", port)).await {
            return Ok(listener);
        }
    }
    Err(ServeError::NoFreePort(first, last))
}

/// The handshake: protocol version 5.0, and where to connect. Nothing else ever goes to stdout.
fn announce(network: &str, address: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "5|0|{network}|{address}")?;
    stdout.flush()
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;

    use super::*;
    use crate::plugin::fake_packer::idle_component;

    async fn a_port() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap().port().to_string()
    }

    fn between(first: &str, last: &str) -> Handshake {
        Handshake {
            min_port: Some(first.to_owned()),
            max_port: Some(last.to_owned()),
            transport: Transport::Tcp,
            ..Handshake::default()
        }
    }

    #[tokio::test]
    async fn packer_reaches_a_plugin_over_tcp() {
        let port = a_port().await;
        let handshake = between(&port, &port);
        let packer = async {
            let mut stream = loop {
                match TcpStream::connect(format!("127.0.0.1:{port}")).await {
                    Ok(stream) => break stream,
                    Err(_) => tokio::task::yield_now().await,
                }
            };
            let ping = [0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9];
            stream.write_all(&ping).await.unwrap();
            // The plugin pings, too.
            let mut frame = [0; 12];
            while frame[3] != 2 {
                stream.read_exact(&mut frame).await.unwrap();
            }
            frame
        };
        let plugin = over_tcp(idle_component(), Encoding::Protobuf, &handshake);
        let (served, answer) = tokio::join!(plugin, packer);
        assert_eq!(answer, [0, 2, 0, 2, 0, 0, 0, 0, 0, 0, 0, 9]);
        served.unwrap();
    }

    #[tokio::test]
    async fn ports_that_are_none_or_taken_are_named() {
        for (first, last) in [("x", "2"), ("", ""), ("5", "4"), ("70000", "70001")] {
            assert!(matches!(free_port(&between(first, last)).await, Err(ServeError::Ports)), "{first} to {last}");
        }
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = taken.local_addr().unwrap().port().to_string();
        let error = free_port(&between(&port, &port)).await.unwrap_err();
        assert_eq!(error.to_string(), format!("no port between {port} and {port} is free for Packer to connect to"));
    }
}
