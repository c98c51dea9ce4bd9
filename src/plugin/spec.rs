/// The options of a component, or the attributes of a data source's result: a flat object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectSpec(pub Vec<Attribute>);

/// One attribute of an [`ObjectSpec`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name in the template.
    pub name: &'static str,
    /// Its type.
    pub ty: CtyType,
    /// Whether Packer itself refuses a template without it.
    pub required: bool,
}

/// The types that an attribute can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CtyType {
    /// Text.
    String,
    /// True or false.
    Bool,
    /// A number.
    Number,
    /// A list of one type.
    List(Box<Self>),
    /// A map from text to one type.
    Map(Box<Self>),
}
