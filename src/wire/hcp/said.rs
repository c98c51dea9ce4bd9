/// A text that says something: clients send an empty one where they mean none.
pub fn said(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}
