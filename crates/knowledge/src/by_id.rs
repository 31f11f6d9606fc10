//! Functions of an id, which take the place of joins.

use datafusion::{
    arrow::{
        array::{ArrayRef, AsArray, Int64Array},
        datatypes::{DataType, Field, FieldRef, Int64Type},
    },
    common::Column,
    error::{DataFusionError, Result},
    logical_expr::{
        ColumnarValue, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
    },
};
use std::{
    any::Any,
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

/// What is asked about each of many ids.
pub trait Asked: Send + Sync + 'static {
    /// What answers are like; its name is not used.
    fn field(&self) -> Field;

    fn answers(&self, ids: &Int64Array) -> Result<ArrayRef>;
}

/// The same as a function of the engine's.
pub struct ById<T> {
    asked: T,
    name: String,
    signature: Signature,
}

impl<T: Asked> ById<T> {
    /// `name` is another one for everything else that is asked in a plan: plans that differ only in it differ.
    pub fn function(name: String, asked: T) -> ScalarUDF {
        let signature = Signature::exact(vec![DataType::Int64], Volatility::Immutable);
        ScalarUDF::from(Self { asked, name, signature })
    }

    /// What is asked, and of which column, when an expression is such a call.
    pub fn read(expr: &Expr) -> Option<(&T, &Column)> {
        let Expr::ScalarFunction(call) = expr else { return None };
        let function = (call.func.inner().as_ref() as &dyn Any).downcast_ref::<Self>()?;
        match call.args.as_slice() {
            [Expr::Column(column)] => Some((&function.asked, column)),
            _ => None,
        }
    }
}

impl<T> fmt::Debug for ById<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl<T> PartialEq for ById<T> {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl<T> Eq for ById<T> {}

impl<T> Hash for ById<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl<T: Asked> ScalarUDFImpl for ById<T> {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(self.asked.field().data_type().clone())
    }

    fn return_field_from_args(&self, _arguments: ReturnFieldArgs) -> Result<FieldRef> {
        Ok(Arc::new(self.asked.field().with_name(&self.name)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let columns = ColumnarValue::values_to_arrays(&args.args)?;
        let [ids] = columns.as_slice() else {
            return Err(DataFusionError::Internal("ids are looked up in one column".to_owned()));
        };
        Ok(ColumnarValue::Array(self.asked.answers(ids.as_primitive::<Int64Type>())?))
    }
}
