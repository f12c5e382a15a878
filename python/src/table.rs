//! A table as columns that data frames take.

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{
    ArrayRef, Float64Array, Int64Array, RecordBatch, RecordBatchIterator, StringArray,
};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use outlast::notebook::{Columns, Values};
use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict};
use std::sync::Arc;

/// A table: columns of one type each, under headings that name the unit where there is one.
///
/// It gives its columns by Arrow's C interface, so that ``polars.DataFrame(table)``, ``pyarrow.table(table)`` and
/// ``pandas.DataFrame.from_arrow(table)`` take it without copying numbers. Text is ``string``, counts are
/// ``int64``, other numbers ``double``, null where there is none.
#[pyclass(frozen, module = "outlast")]
pub struct Table {
    /// What it is called; the command line writes it to NAME.csv.
    #[pyo3(get)]
    pub name: String,
    batch: RecordBatch,
}

impl Table {
    pub fn new(name: &str, columns: Columns) -> Result<Table, ArrowError> {
        let (mut fields, mut arrays): (Vec<Field>, Vec<ArrayRef>) = (Vec::new(), Vec::new());
        for column in columns {
            // Whole vectors of numbers become the buffers of Arrow as they are.
            let array: ArrayRef = match column.values {
                Values::Text(texts) => Arc::new(StringArray::from(texts)),
                Values::Count(counts) => {
                    let counts =
                        counts.into_iter().map(|count| i64::try_from(count).unwrap_or(i64::MAX));
                    Arc::new(Int64Array::from(counts.collect::<Vec<i64>>()))
                }
                Values::Number(numbers) => Arc::new(Float64Array::from(numbers)),
                Values::Full(numbers) => Arc::new(Float64Array::from(numbers)),
            };
            let is_number = *array.data_type() == DataType::Float64;
            fields.push(Field::new(column.name, array.data_type().clone(), is_number));
            arrays.push(array);
        }
        let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?;
        Ok(Table { name: name.to_owned(), batch })
    }

    /// The same columns, shared.
    pub fn shared(&self) -> Table {
        Table { name: self.name.clone(), batch: self.batch.clone() }
    }
}

/// A fault of Arrow's as an exception.
pub fn arrow_error(error: &ArrowError) -> PyErr {
    PyValueError::new_err(error.to_string())
}

#[pymethods]
impl Table {
    /// The headings, in order.
    #[getter]
    fn columns(&self) -> Vec<String> {
        self.batch.schema().fields().iter().map(|field| field.name().clone()).collect()
    }

    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }

    /// The values of a column, as a list with None where there is none.
    fn __getitem__<'py>(&self, py: Python<'py>, column: &str) -> PyResult<Bound<'py, PyAny>> {
        let array = self.batch.column_by_name(column).ok_or_else(|| {
            let known = self.columns().join(", ");
            PyKeyError::new_err(format!("{} has no column {column}; it has {known}", self.name))
        })?;
        let any = array.as_any();
        if let Some(texts) = any.downcast_ref::<StringArray>() {
            return texts.iter().collect::<Vec<_>>().into_pyobject(py);
        }
        if let Some(counts) = any.downcast_ref::<Int64Array>() {
            return counts.iter().collect::<Vec<_>>().into_pyobject(py);
        }
        let numbers = any.downcast_ref::<Float64Array>();
        numbers.map(|numbers| numbers.iter().collect::<Vec<_>>()).into_pyobject(py)
    }

    /// All columns: a dict of lists.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let all = PyDict::new(py);
        for column in self.columns() {
            all.set_item(&column, self.__getitem__(py, &column)?)?;
        }
        Ok(all)
    }

    /// A DataFrame of pandas, which needs pyarrow for it.
    fn to_pandas<'py>(slf: Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let table = slf.py().import("pyarrow")?.call_method1("table", (slf,))?;
        table.call_method0("to_pandas")
    }

    /// A DataFrame of polars.
    fn to_polars<'py>(slf: Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("polars")?.call_method1("DataFrame", (slf,))
    }

    /// Its columns by Arrow's C interface. No other types are offered, whatever is requested.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema;
        let batches = RecordBatchIterator::new([Ok(self.batch.clone())], self.batch.schema());
        let stream = FFI_ArrowArrayStream::new(Box::new(batches));
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }

    fn __repr__(&self) -> String {
        format!(
            "<outlast.Table {}: {} rows of {}>",
            self.name,
            self.__len__(),
            self.columns().join(", ")
        )
    }

    /// Its rows, at most 40 of them.
    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        const MOST: usize = 40;
        let columns = self.columns();
        let lists = columns.iter().map(|column| self.__getitem__(py, column));
        let lists = lists.collect::<PyResult<Vec<_>>>()?;
        let head: String =
            columns.iter().map(|name| format!("<th>{}</th>", escaped(name))).collect();
        let mut rows = String::new();
        for row in 0..self.__len__().min(MOST) {
            rows.push_str("<tr>");
            for list in &lists {
                let value = list.get_item(row)?;
                let text = if value.is_none() { String::new() } else { value.str()?.to_string() };
                rows.push_str(&format!("<td>{}</td>", escaped(&text)));
            }
            rows.push_str("</tr>");
        }
        let more = self.__len__().saturating_sub(MOST);
        let more = if more > 0 { format!("<p>and {more} more</p>") } else { String::new() };
        Ok(format!("<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{more}"))
    }
}

/// Text that may stand in HTML.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
