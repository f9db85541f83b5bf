# Checks ONNX files as they are: onnx.checker with all it has, strict shape inference, and what readers may ask of a file.
#   python3 check-models.py [--shapes] MODEL...
# With --shapes, each tensor's shape follows from the file, and the outputs' are those that it says: shapes that follow from the batch are
# beyond this inference. Prints "checked" in the end; otherwise one line says which file, and why.
import sys
import onnx


def check(path, shapes):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    fields = {onnx.AttributeProto.INT: "i", onnx.AttributeProto.FLOAT: "f", onnx.AttributeProto.STRING: "s"}
    for node in model.graph.node:
        for attribute in node.attribute:
            field = fields.get(attribute.type)
            assert field is None or attribute.HasField(field), f"{node.op_type}: {attribute.name} has no value"
    if not shapes:
        return
    for before, after in zip(model.graph.output, inferred.graph.output):
        assert shape(before) == shape(after), f"{before.name} is {shape(before)} and comes out as {shape(after)}"
    known = {value.name for value in inferred.graph.value_info} | {value.name for value in inferred.graph.output}
    for node in inferred.graph.node:
        for output in node.output:
            assert output in known, f"the shape of {output} does not follow"


def shape(value):
    return [size.dim_param or size.dim_value for size in value.type.tensor_type.shape.dim]


def main(arguments):
    shapes = "--shapes" in arguments
    for path in arguments:
        if path.startswith("--"):
            continue
        try:
            check(path, shapes)
        except Exception as e:
            graph = onnx.helper.printable_graph(onnx.load(path).graph)
            sys.exit(f"{path}: {type(e).__name__} {e}\n{graph}")
    print("checked")


main(sys.argv[1:])
