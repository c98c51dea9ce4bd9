use std::error::Error;

use bytes::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::registry::store::{Fault, StoreError, Value};

/// A cell of a row.
pub(super) fn cell(row: &tokio_postgres::Row, column: usize) -> Result<Value, StoreError> {
    row.try_get(column).map_err(|error| {
        let cause = error.source().map_or_else(|| error.to_string(), ToString::to_string);
        StoreError::new(Fault::Corrupt(cause))
    })
}

fn is_text(ty: &Type) -> bool {
    [Type::TEXT, Type::VARCHAR, Type::BPCHAR, Type::NAME, Type::UNKNOWN].contains(ty)
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match (self, ty) {
            (Self::Null, _) => Ok(IsNull::Yes),
            (Self::Integer(number), &Type::INT8) => number.to_sql(ty, out),
            (Self::Integer(number), &Type::INT4) => i32::try_from(*number)?.to_sql(ty, out),
            (Self::Text(text), ty) if is_text(ty) => text.to_sql(ty, out),
            (Self::Bytes(bytes), &Type::BYTEA) => bytes.to_sql(ty, out),
            (value, ty) => Err(format!("{value:?} was given where a {ty} is expected").into()),
        }
    }

    fn accepts(ty: &Type) -> bool {
        [Type::INT8, Type::INT4, Type::BYTEA].contains(ty) || is_text(ty)
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        match *ty {
            Type::INT8 => i64::from_sql(ty, raw).map(Self::Integer),
            Type::INT4 => i32::from_sql(ty, raw).map(|number| Self::Integer(number.into())),
            Type::BYTEA => Vec::from_sql(ty, raw).map(Self::Bytes),
            _ => String::from_sql(ty, raw).map(Self::Text),
        }
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(ty: &Type) -> bool {
        <Self as ToSql>::accepts(ty)
    }
}
