//! ONNX: a graph and tensors as a protocol buffer. <https://onnx.ai/onnx/repo-docs/IR.html>

use std::io::{Read, Seek};

use super::input::Input;
use super::protobuf::{Message, Part, Trouble, walk};
use crate::base::FilePath;

static MODEL: Message = Message(&[
    (7, Part::Message("graph", &GRAPH)),
    (8, Part::Message("opset", &NOTHING)),
    (25, Part::Message("function", &FUNCTION)),
]);
static GRAPH: Message = Message(&[
    (1, Part::Message("node", &NODE)),
    (5, Part::Message("tensor", &TENSOR)),
    (15, Part::Message("sparse", &SPARSE)),
]);
static FUNCTION: Message = Message(&[(7, Part::Message("node", &NODE))]);
static NODE: Message = Message(&[(5, Part::Message("attribute", &ATTRIBUTE))]);
static ATTRIBUTE: Message = Message(&[
    (5, Part::Message("tensor", &TENSOR)),
    (6, Part::Message("inner graph", &GRAPH)),
    (10, Part::Message("tensor", &TENSOR)),
    (11, Part::Message("inner graph", &GRAPH)),
    (22, Part::Message("sparse", &SPARSE)),
    (23, Part::Message("sparse", &SPARSE)),
]);
static SPARSE: Message = Message(&[(1, Part::Message("tensor", &TENSOR)), (2, Part::Message("tensor", &TENSOR))]);
static TENSOR: Message = Message(&[(13, Part::Message("entry", &ENTRY))]);
static ENTRY: Message = Message(&[(1, Part::Text("key")), (2, Part::Text("value"))]);
static NOTHING: Message = Message(&[]);

/// Whether it is a model with one graph and operator sets, all of whose tensors lie in it or in files beside it.
pub(super) fn check<R: Read + Seek>(input: &mut Input<R>) -> Result<(), Trouble> {
    let (mut graphs, mut opsets) = (0, 0);
    let mut is_location = false;
    walk(input, &MODEL, &mut |name, text| {
        match name {
            "graph" => graphs += 1,
            "opset" => opsets += 1,
            "entry" => is_location = false,
            "key" => is_location = text == b"location",
            "value" if is_location => beside(text)?,
            _ => {}
        }
        Ok(())
    })?;
    match (graphs, opsets) {
        (1, 1..) => Ok(()),
        (1, _) => Err(Trouble::Broken("names no operator set".into())),
        _ => Err(Trouble::Broken(format!("holds {graphs} graphs, and a model has one"))),
    }
}

/// A tensor's bytes may lie in another file of the model, and nowhere else.
fn beside(location: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(location).map_err(|_| "has tensors in a file whose name is not text".to_owned())?;
    FilePath::parse(text).map(drop).map_err(|_| "has tensors in a file outside of the model".to_owned())
}
