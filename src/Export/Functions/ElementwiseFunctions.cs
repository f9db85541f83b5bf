using static TorchSharp.torch;
using DataType = Onnx.TensorProto.Types.DataType;
using Table = System.Collections.Generic.Dictionary<string, System.Func<GanPipeline.Export.FunctionCall, GanPipeline.Export.OnnxValue[]>>;

namespace GanPipeline.Export;

/// <summary>Functions of one element, or of two at the same place.</summary>
internal static class ElementwiseFunctions
{
    public static void AddTo(Table table)
    {
        // ONNX has these under nearly the same names.
        foreach (var (names, op) in new[]
        {
            ("abs absolute", "Abs"), ("neg negative op_UnaryNegation", "Neg"), ("exp", "Exp"), ("log", "Log"), ("sqrt", "Sqrt"),
            ("sin", "Sin"), ("cos", "Cos"), ("tan", "Tan"), ("asin arcsin", "Asin"), ("acos arccos", "Acos"), ("atan arctan", "Atan"),
            ("sinh", "Sinh"), ("cosh", "Cosh"), ("asinh arcsinh", "Asinh"), ("acosh arccosh", "Acosh"), ("atanh arctanh", "Atanh"),
            ("erf", "Erf"), ("floor", "Floor"), ("ceil", "Ceil"), ("sign sgn", "Sign"), ("reciprocal", "Reciprocal"),
        })
            table.Add(names, call => call.Operator(op, [call.Typed]));

        table.Add("round", call => call.Integer("decimals", 0) is var decimals && decimals == 0
            ? call.Operator("Round", [call.Typed])
            : call.Graph.Elementwise("Round", Times(call, call.Typed, Math.Pow(10, decimals))) / Number(call, Math.Pow(10, decimals)));
        table.Add("isnan", call => call.Operator("IsNaN", [call.X]));
        table.Add("isinf", call => call.Operator("IsInf", [call.X]));
        table.Add("logical_not bitwise_not op_OnesComplement", call => call.Operator("Not", [call.Graph.Cast(call.X, DataType.Bool)]));
        table.Add("rsqrt", call => call.Graph.Elementwise("Reciprocal", call.Graph.Elementwise("Sqrt", call.Typed)));
        table.Add("square", call => call.Typed * call.Typed);
        table.Add("log2", call => Times(call, call.Graph.Elementwise("Log", call.Typed), 1 / Math.Log(2)));
        table.Add("log10", call => Times(call, call.Graph.Elementwise("Log", call.Typed), 1 / Math.Log(10)));
        table.Add("log1p", call => call.Graph.Elementwise("Log", Number(call, 1) + call.Typed));
        table.Add("exp2", call => call.Graph.Elementwise("Exp", Times(call, call.Typed, Math.Log(2))));
        table.Add("expm1", call => call.Graph.Elementwise("Exp", call.Typed) - Number(call, 1));
        table.Add("erfc", call => Number(call, 1) - call.Graph.Elementwise("Erf", call.Typed));
        table.Add("trunc fix", call => Truncate(call.Graph, call.Typed));
        table.Add("frac", call => call.Typed - Truncate(call.Graph, call.Typed));
        table.Add("deg2rad", call => Times(call, call.Typed, Math.PI / 180));
        table.Add("rad2deg", call => Times(call, call.Typed, 180 / Math.PI));
        table.Add("logit", call => call.Has("eps")
            ? throw call.Graph.Error("calls logit with an eps")
            : call.Graph.Elementwise("Log", call.Typed / (Number(call, 1) - call.Typed)));
        table.Add("positive clone contiguous detach alias cpu cuda real conj resolve_conj resolve_neg", call => call.X);
        table.Add("to to_type type_as float double long int short byte bool half char", call => call.Typed);

        table.Add("add op_Addition", call => Scaled(call, "Add"));
        table.Add("sub subtract op_Subtraction", call => Scaled(call, "Sub"));
        table.Add("rsub", call => call.Operator("Sub", [call.Operand(1, call.Type), call.Operand(0, call.Type)]));
        table.Add("mul multiply op_Multiply", call => call.Type == DataType.Bool
            ? call.Operator("And", [call.Operand(0, call.Type), call.Operand(1, call.Type)])
            : call.Operator("Mul", [call.Operand(0, call.Type), call.Operand(1, call.Type)]));
        table.Add("div divide true_divide op_Division", Divide);
        table.Add("floor_divide", call => Floored(call, call.Operand(0, call.Type) / call.Operand(1, call.Type)));
        table.Add("remainder op_Modulus", call => Remainder(call, call.Operand(0, call.Type), call.Operand(1, call.Type)));
        table.Add("fmod", call => call.Operator("Mod", [call.Operand(0, call.Type), call.Operand(1, call.Type)], ("fmod", 1)));
        table.Add("pow float_power", call => call.At(1) is 2.0 or TracedSize { IsFixed: true, First: 2 }
            ? call.Operand(0, call.Type) * call.Operand(0, call.Type)
            : call.Operator("Pow", [call.Operand(0, call.Type), call.Operand(1, call.Type)]));
        table.Add("maximum fmax", call => call.Operator("Max", [call.Operand(0, call.Type), call.Operand(1, call.Type)]));
        table.Add("minimum fmin", call => call.Operator("Min", [call.Operand(0, call.Type), call.Operand(1, call.Type)]));
        table.Add("hypot", call => call.Graph.Elementwise("Sqrt", Square(call.Operand(0, call.Type)) + Square(call.Operand(1, call.Type))));

        table.Add("eq op_Equality", call => Compare(call, "Equal"));
        table.Add("ne not_equal op_Inequality", call => call.Graph.Apply("Not", [Compare(call, "Equal")], DataType.Bool, call.Shape));
        table.Add("lt less op_LessThan", call => Compare(call, "Less"));
        table.Add("le less_equal op_LessThanOrEqual", call => Compare(call, "LessOrEqual"));
        table.Add("gt greater op_GreaterThan", call => Compare(call, "Greater"));
        table.Add("ge greater_equal op_GreaterThanOrEqual", call => Compare(call, "GreaterOrEqual"));
        table.Add("logical_and", call => Logical(call, "And"));
        table.Add("logical_or", call => Logical(call, "Or"));
        table.Add("logical_xor", call => Logical(call, "Xor"));
        table.Add("bitwise_and op_BitwiseAnd", call => Bitwise(call, "And"));
        table.Add("bitwise_or op_BitwiseOr", call => Bitwise(call, "Or"));
        table.Add("bitwise_xor op_ExclusiveOr", call => Bitwise(call, "Xor"));

        table.Add("clamp clip", call => Clamp(call, call.Argument("min"), call.Argument("max")));
        table.Add("clamp_min", call => Clamp(call, call.At(1), null));
        table.Add("clamp_max", call => Clamp(call, null, call.At(1)));
        // Tensor.where(condition, y) is torch.where(condition, x, y).
        table.Add("where", call => call.Function() is { IsStatic: true }
            ? call.Operator("Where", [Condition(call, 0), call.Operand(1, call.Type), call.Operand(2, call.Type)])
            : call.Operator("Where", [Condition(call, 1), call.Operand(0, call.Type), call.Operand(2, call.Type)]));
        table.Add("masked_fill", call =>
            call.Operator("Where", [Condition(call, 1), call.Operand(2, call.Type), call.Operand(0, call.Type)]));
        table.Add("lerp", call => Mix(call.Operand(0, call.Type), call.Operand(1, call.Type), call.Operand(2, call.Type)));
        table.Add("addcmul", call => call.Operand(0, call.Type) +
            call.Operand(1, call.Type) * call.Operand(2, call.Type) * call.Operand(3, call.Type));
        table.Add("addcdiv", call => call.Operand(0, call.Type) +
            call.Operand(1, call.Type) / call.Operand(2, call.Type) * call.Operand(3, call.Type));
        table.Add("nan_to_num", NanToNumber);
        table.Add("xlogy", call => call.Operator("Where",
        [
            call.Graph.Apply("Equal", [call.Operand(0, call.Type), Number(call, 0)], DataType.Bool, FunctionCall.Dimensions(call.TracedX)),
            Number(call, 0), call.Operand(0, call.Type) * call.Graph.Elementwise("Log", call.Operand(1, call.Type)),
        ]));
    }

    internal static System.Reflection.MethodInfo Function(this FunctionCall call) => call.Call.Function;

    internal static OnnxValue Number(FunctionCall call, double value) => OnnxTypes.Number(call.Graph, value, call.Type);

    internal static OnnxValue Times(FunctionCall call, OnnxValue x, double factor) => x * OnnxTypes.Number(call.Graph, factor, x.Type);

    internal static OnnxValue Square(OnnxValue x) => x * x;

    private static OnnxValue Mix(OnnxValue start, OnnxValue end, OnnxValue weight) => start + (end - start) * weight;

    private static OnnxValue Truncate(OnnxGraph graph, OnnxValue x) =>
        graph.Elementwise("Sign", x) * graph.Elementwise("Floor", graph.Elementwise("Abs", x));

    private static OnnxValue Scaled(FunctionCall call, string op)
    {
        var right = call.Operand(1, call.Type);
        if (call.Has("alpha") && call.Number(1, "alpha") is var alpha && alpha != 1) right = Times(call, right, alpha);
        return call.Type == DataType.Bool
            ? call.Operator("Or", [call.Operand(0, call.Type), right])
            : call.Operator(op, [call.Operand(0, call.Type), right]);
    }

    private static OnnxValue Divide(FunctionCall call)
    {
        var quotient = call.Operator("Div", [call.Operand(0, call.Type), call.Operand(1, call.Type)]);
        return call.Argument("rounding_mode") switch
        {
            RoundingMode.floor => Floored(call, quotient),
            RoundingMode.trunc when OnnxTypes.IsFloat(call.Type) => Truncate(call.Graph, quotient),
            _ => quotient,
        };
    }

    // Integers divide towards zero in ONNX; where all are positive that is the floor.
    private static OnnxValue Floored(FunctionCall call, OnnxValue quotient) => OnnxTypes.IsFloat(call.Type)
        ? call.Graph.Elementwise("Floor", quotient)
        : quotient;

    private static OnnxValue Remainder(FunctionCall call, OnnxValue x, OnnxValue y) => OnnxTypes.IsFloat(call.Type)
        ? x - call.Graph.Elementwise("Floor", x / y) * y
        : call.Operator("Mod", [x, y]);

    private static OnnxValue Compare(FunctionCall call, string op)
    {
        var type = Common(call);
        return call.Graph.Apply(op, [call.Operand(0, type), call.Operand(1, type)], DataType.Bool, call.Shape);
    }

    /// <summary>The type in which two operands are compared.</summary>
    private static DataType Common(FunctionCall call)
    {
        var types = FunctionCall.Values(call.Call.Arguments).Select(value => OnnxTypes.Of(value.Type)).Distinct().ToArray();
        var hasFraction = call.Call.Arguments.Any(argument => argument is double);
        if (hasFraction && !types.Any(OnnxTypes.IsFloat)) return DataType.Float;
        return types.Length == 1 ? types[0]
            : types.Contains(DataType.Double) ? DataType.Double
            : types.Any(OnnxTypes.IsFloat) ? DataType.Float : DataType.Int64;
    }

    private static OnnxValue Logical(FunctionCall call, string op) =>
        call.Graph.Apply(op, [call.Operand(0, DataType.Bool), call.Operand(1, DataType.Bool)], DataType.Bool, call.Shape);

    private static OnnxValue Bitwise(FunctionCall call, string op) => call.Type == DataType.Bool
        ? Logical(call, op)
        : call.Graph.Opset < 18 ? throw call.Graph.Error($"calls {call.Call.Name} on integers, which ONNX has from operator set 18 on")
        : call.Operator("Bitwise" + op, [call.Operand(0, call.Type), call.Operand(1, call.Type)]);

    private static OnnxValue Condition(FunctionCall call, int index) => call.Operand(index, DataType.Bool);

    private static OnnxValue Clamp(FunctionCall call, object? low, object? high)
    {
        // Where bounds are tensors, they broadcast; Clip takes numbers alone.
        var x = call.Typed;
        if (low is TracedValue || high is TracedValue)
        {
            if (low is not null) x = call.Operator("Max", [x, call.Operand(low, call.Type)]);
            return high is null ? x : call.Operator("Min", [x, call.Operand(high, call.Type)]);
        }
        return call.Operator("Clip",
            [x, low is null ? null : call.Operand(low, call.Type), .. high is null ? (OnnxValue?[])[] : [call.Operand(high, call.Type)]]);
    }

    private static OnnxValue NanToNumber(FunctionCall call)
    {
        var shape = call.Shape;
        var x = call.Typed;
        var isNan = call.Graph.Apply("IsNaN", [x], DataType.Bool, shape);
        var finite = call.Operator("Clip",
            [x, Number(call, call.Number(float.MinValue, "neginf")), Number(call, call.Number(float.MaxValue, "posinf"))]);
        return call.Operator("Where", [isNan, Number(call, call.Number(0, "nan")), finite]);
    }
}
