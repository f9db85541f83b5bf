using static TorchSharp.torch;
using DataType = Onnx.TensorProto.Types.DataType;

namespace GanPipeline.Export;

/// <summary>Functions of one element, or of two at the same place.</summary>
internal static class ElementwiseFunctions
{
    public static void AddTo(FunctionConverters table)
    {
        table.Section = "Element by element";
        // ONNX has these under nearly the same names.
        foreach (var (names, op) in new[]
        {
            ("abs absolute", "Abs"), ("neg negative op_UnaryNegation", "Neg"), ("exp", "Exp"), ("log", "Log"), ("sqrt", "Sqrt"),
            ("sin", "Sin"), ("cos", "Cos"), ("tan", "Tan"), ("asin arcsin", "Asin"), ("acos arccos", "Acos"),
            ("sinh", "Sinh"), ("cosh", "Cosh"), ("asinh arcsinh", "Asinh"), ("acosh arccosh", "Acosh"), ("atanh arctanh", "Atanh"),
            ("erf", "Erf"), ("floor", "Floor"), ("ceil", "Ceil"), ("sign sgn", "Sign"), ("reciprocal", "Reciprocal"),
            ("expit", "Sigmoid"),
        })
            table.Add(names, call => call.Operator(op, [call.Typed]));

        table.Add("round", call => call.Integer("decimals", 0) is var decimals && decimals == 0
            ? call.Operator("Round", [call.Typed])
            : call.Graph.Elementwise("Round", Times(call, call.Typed, Math.Pow(10, decimals))) / Number(call, Math.Pow(10, decimals)));
        table.Add("isnan", call => call.Operator("IsNaN", [call.X]));
        table.Add("isinf", call => call.Operator("IsInf", [call.X]));
        table.Add("isposinf", call => call.Operator("IsInf", [call.X], ("detect_negative", 0)));
        table.Add("isneginf", call => call.Operator("IsInf", [call.X], ("detect_positive", 0)));
        table.Add("isfinite", call => IsFinite(call.X));
        table.Add("isreal", call => call.Operator(
            "Expand", [OnnxTypes.Number(call.Graph, 1, DataType.Bool), call.Sizes(call.Result.Sizes)]));
        table.Add("is_neg", call => OnnxTypes.Number(call.Graph, 0, DataType.Bool));
        table.Add("isclose", IsClose);
        table.Add("isin", IsIn);
        table.Add("signbit", call => IsNegative(call.X));
        table.Add("logical_not", call => call.Operator("Not", [call.Graph.Cast(call.X, DataType.Bool)]));
        table.Add("bitwise_not op_OnesComplement", call => call.Type == DataType.Bool
            ? call.Operator("Not", [call.X])
            : OnnxMath.Plus(Unary("Neg", call.X), -1));
        table.Add("rsqrt", call => call.Graph.Elementwise("Reciprocal", call.Graph.Elementwise("Sqrt", call.Typed)));
        table.Add("square", call => call.Typed * call.Typed);
        table.Add("log2", call => Times(call, call.Graph.Elementwise("Log", call.Typed), 1 / Math.Log(2)));
        table.Add("log10", call => Times(call, call.Graph.Elementwise("Log", call.Typed), 1 / Math.Log(10)));
        table.AddNear("log1p", "The logarithm of 1 + x: of an x near 0 it keeps fewer digits.", call =>
            Unary("Log", Number(call, 1) + call.Typed));
        table.Add("exp2", call => call.Graph.Elementwise("Exp", Times(call, call.Typed, Math.Log(2))));
        table.AddNear("expm1", "exp(x) - 1: of an x near 0 it keeps fewer digits.", call =>
            Unary("Exp", call.Typed) - Number(call, 1));
        table.AddNear("erfc", "1 - erf(x): where that is near 0 it keeps fewer digits.", call =>
            Number(call, 1) - Unary("Erf", call.Typed));
        table.Add("trunc fix", call => Truncate(call.Graph, call.Typed));
        table.Add("frac", call => call.Typed - Truncate(call.Graph, call.Typed));
        table.Add("deg2rad", call => Times(call, call.Typed, Math.PI / 180));
        table.Add("rad2deg", call => Times(call, call.Typed, 180 / Math.PI));
        table.Add("logit", Logit);
        table.AddNear("ndtr", "By erf: below -4 it keeps fewer digits.", call =>
            OnnxMath.Times(OnnxMath.Plus(Unary("Erf", Times(call, call.Typed, Math.Sqrt(0.5))), 1), 0.5));
        table.Add("entr", call => OnnxMath.Where(OnnxMath.Compare("Less", call.Typed, 0), double.NegativeInfinity,
            Unary("Neg", LogProduct(call.Typed, call.Typed, Unary("Log", call.Typed)))));
        table.Add("sinc", call =>
        {
            var x = Times(call, call.Typed, Math.PI);
            return OnnxMath.Where(OnnxMath.Compare("Equal", x, 0), 1, Unary("Sin", x) / x);
        });
        table.Add("angle", call => OnnxMath.Where(IsNan(call.Typed), call.Typed,
            OnnxMath.Where(OnnxMath.Compare("Less", call.Typed, 0), Number(call, Math.PI), Number(call, 0))));
        table.Add("atan arctan atan2 arctan2", call => call.At(1) is TracedValue ? Angle(call) : call.Operator("Atan", [call.Typed]));
        table.Add("copysign", call =>
        {
            var size = Unary("Abs", call.Operand(0, call.Type));
            return OnnxMath.Where(IsNegative(call.Operand(1, call.Type)), Unary("Neg", size), size);
        });
        table.Add("heaviside", call =>
        {
            var x = call.Operand(0, call.Type);
            return OnnxMath.Where(OnnxMath.Compare("Equal", x, 0), call.Operand(1, call.Type),
                call.Graph.Cast(OnnxMath.Compare("Greater", x, 0), call.Type));
        });
        table.Add("ldexp", call => call.Operand(0, call.Type) * PowerOfTwo(call, call.Operand(1, call.Type)));
        table.Add("logaddexp", call => LogAddExp(call, 1));
        table.Add("logaddexp2", call => LogAddExp(call, Math.Log(2)));
        table.Add("positive clone contiguous detach alias cpu cuda mps pin_memory real get_real conj conj_physical resolve_conj " +
            "resolve_neg", call => call.X);
        table.Add("to to_type type type_as float double long int short byte bool half char booltensor bytetensor shorttensor inttensor " +
            "longtensor floattensor doubletensor", call => call.Typed);

        table.Add("add op_Addition", call => Scaled(call, "Add"));
        table.Add("sub subtract op_Subtraction", call => Scaled(call, "Sub"));
        table.Add("mul multiply op_Multiply", call => call.Type == DataType.Bool
            ? call.Operator("And", [call.Operand(0, call.Type), call.Operand(1, call.Type)])
            : call.Operator("Mul", [call.Operand(0, call.Type), call.Operand(1, call.Type)]));
        table.Add("div divide true_divide op_Division", Divide);
        table.Add("floor_divide", call => Floored(call, call.Operand(0, call.Type), call.Operand(1, call.Type)));
        table.Add("remainder op_Modulus", call => Remainder(call, call.Operand(0, call.Type), call.Operand(1, call.Type)));
        table.Add("fmod", call => call.Operator("Mod", [call.Operand(0, call.Type), call.Operand(1, call.Type)], ("fmod", 1)));
        table.Add("pow float_power", call => call.At(1) is 2.0 or TracedSize { IsFixed: true, First: 2 }
            ? call.Operand(0, call.Type) * call.Operand(0, call.Type)
            : call.Operator("Pow", [call.Operand(0, call.Type), call.Operand(1, call.Type)]));
        table.Add("bitwise_left_shift", call => call.Operand(0, call.Type) * PowerOfTwo(call, call.Operand(1, call.Type)));
        table.Add("bitwise_right_shift", call =>
            Floored(call, call.Operand(0, call.Type), PowerOfTwo(call, call.Operand(1, call.Type))));
        table.Add("maximum", call => call.Operator("Max", [call.Operand(0, call.Type), call.Operand(1, call.Type)]));
        table.Add("minimum", call => call.Operator("Min", [call.Operand(0, call.Type), call.Operand(1, call.Type)]));
        table.Add("fmax", call => ButNan(call, "Max"));
        table.Add("fmin", call => ButNan(call, "Min"));
        table.Add("hypot", call => call.Graph.Elementwise("Sqrt", Square(call.Operand(0, call.Type)) + Square(call.Operand(1, call.Type))));

        table.Add("eq equal op_Equality", call => Compare(call, "Equal"));
        table.Add("ne not_equal op_Inequality", call => call.Graph.Apply("Not", [Compare(call, "Equal")], DataType.Bool, call.Shape));
        table.Add("lt less op_LessThan", call => Compare(call, "Less"));
        table.Add("le less_equal op_LessThanOrEqual", call => Compare(call, "LessOrEqual"));
        table.Add("gt greater op_GreaterThan", call => Compare(call, "Greater"));
        table.Add("ge greater_equal op_GreaterThanOrEqual", call => Compare(call, "GreaterOrEqual"));
        table.Add("logical_and", call => Logical(call, "And"));
        table.Add("logical_or", call => Logical(call, "Or"));
        table.Add("logical_xor", call => Logical(call, "Xor"));
        table.Add("bitwise_and op_BitwiseAnd", call => Bitwise(call, "And"), note: Integers);
        table.Add("bitwise_or op_BitwiseOr", call => Bitwise(call, "Or"), note: Integers);
        table.Add("bitwise_xor op_ExclusiveOr", call => Bitwise(call, "Xor"), note: Integers);

        table.Add("clamp clip", call => Clamp(call, call.Argument("min"), call.Argument("max")));
        table.Add("clamp_min", call => Clamp(call, call.At(1), null));
        table.Add("clamp_max", call => Clamp(call, null, call.At(1)));
        // Tensor.where(condition, y) is torch.where(condition, x, y).
        table.AddMany("where", call => call.Call.Arguments.Length < 3 ? CountFunctions.Columns(call)
            : call.Function() is { IsStatic: true }
                ? [OnnxMath.Where(Condition(call, 0), call.Operand(1, call.Type), call.Operand(2, call.Type))]
                : [OnnxMath.Where(Condition(call, 1), call.Operand(0, call.Type), call.Operand(2, call.Type))]);
        table.Add("masked_fill", call => OnnxMath.Where(Condition(call, 1), call.Operand(2, call.Type), call.Operand(0, call.Type)));
        table.Add("lerp", call => Mix(call.Operand(0, call.Type), call.Operand(1, call.Type), call.Operand(2, call.Type)));
        table.Add("addcmul", call => call.Operand(0, call.Type) +
            call.Operand(1, call.Type) * call.Operand(2, call.Type) * call.Operand(call.At(3) ?? 1.0, call.Type));
        table.Add("addcdiv", call => call.Operand(0, call.Type) +
            call.Operand(1, call.Type) / call.Operand(2, call.Type) * call.Operand(call.At(3) ?? 1.0, call.Type));
        table.Add("nan_to_num", NanToNumber);
        table.Add("xlogy", call => LogProduct(
            call.Operand(0, call.Type), call.Operand(1, call.Type), Unary("Log", call.Operand(1, call.Type))));
        table.Add("xlog1py", call => LogProduct(call.Operand(0, call.Type), call.Operand(1, call.Type),
            Unary("Log", OnnxMath.Plus(call.Operand(1, call.Type), 1))));
    }

    private const string Integers = "Integers from operator set 18 on.";

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
        var (x, y) = (call.Operand(0, call.Type), call.Operand(1, call.Type));
        return call.Argument("rounding_mode") switch
        {
            RoundingMode.floor => Floored(call, x, y),
            RoundingMode.trunc when OnnxTypes.IsFloat(call.Type) => Truncate(call.Graph, x / y),
            _ => call.Operator("Div", [x, y]),
        };
    }

    private static OnnxValue Floored(FunctionCall call, OnnxValue x, OnnxValue y)
    {
        if (OnnxTypes.IsFloat(call.Type)) return Unary("Floor", x / y);
        // Integers divide towards zero in ONNX: one less where there is a rest and the signs differ. Mod's sign is the divisor's.
        return (x - call.Operator("Mod", [x, y])) / y;
    }

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
        // ONNX Runtime compares numbers of these types alone.
        if (types is [DataType.Bool]) return FunctionCall.NameOf(call.Call) is "lt" or "less" or "le" or "less_equal" or "gt" or
                "greater" or "ge" or "greater_equal" || call.Call.Function.Name.Contains("Than", StringComparison.Ordinal)
                ? DataType.Int32 : DataType.Bool;
        if (types is [DataType.Float or DataType.Double or DataType.Int32 or DataType.Int64]) return types[0];
        return types.Contains(DataType.Double) ? DataType.Double : types.Any(OnnxTypes.IsFloat) ? DataType.Float : DataType.Int64;
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
        var x = call.Typed;
        var finite = call.Operator("Clip",
            [x, Number(call, call.Number(float.MinValue, "neginf")), Number(call, call.Number(float.MaxValue, "posinf"))]);
        return OnnxMath.Where(IsNan(x), call.Number(0, "nan"), finite);
    }

    private static OnnxValue Unary(string op, OnnxValue x) => OnnxMath.Unary(op, x);

    internal static OnnxValue IsNan(OnnxValue x) => x.Graph.Apply("IsNaN", [x], DataType.Bool, x.Dimensions);

    private static OnnxValue IsFinite(OnnxValue x) => OnnxTypes.IsFloat(x.Type)
        ? OnnxMath.Not(OnnxMath.Or(IsNan(x), x.Graph.Apply("IsInf", [x], DataType.Bool, x.Dimensions)))
        : OnnxMath.Compare("Equal", x, x);

    // -0, too, whose reciprocal is less than 0.
    private static OnnxValue IsNegative(OnnxValue x)
    {
        var below = OnnxMath.Compare("Less", x, 0);
        return OnnxTypes.IsFloat(x.Type) ? OnnxMath.Or(below, OnnxMath.Compare("Less", Unary("Reciprocal", x), 0)) : below;
    }

    private static OnnxValue IsClose(FunctionCall call)
    {
        var type = Common(call);
        var (x, y) = (call.Operand(0, type), call.Operand(1, type));
        var same = OnnxMath.Compare("Equal", x, y);
        if (!OnnxTypes.IsFloat(type)) (x, y) = (call.Graph.Cast(x, DataType.Float), call.Graph.Cast(y, DataType.Float));
        var allowed = OnnxMath.Plus(OnnxMath.Times(Unary("Abs", y), call.Number(1e-5, "rtol")), call.Number(1e-8, "atol"));
        var near = OnnxMath.Compare("LessOrEqual", Unary("Abs", x - y), allowed);
        var close = OnnxMath.Or(same, OnnxMath.And(near, IsFinite(y)));
        return call.Flag("nanEqual") && OnnxTypes.IsFloat(type) ? OnnxMath.Or(close, OnnxMath.And(IsNan(x), IsNan(y))) : close;
    }

    private static OnnxValue IsIn(FunctionCall call)
    {
        var type = Common(call);
        var given = ShapeFunctions.Unsqueeze(call.Graph, call.Operand(0, type), call.TracedX.Shape.Length);
        var among = call.Graph.Apply(
            "Reshape", [call.Operand(call.Argument("test_elements"), type), call.Graph.Integers("shape", -1)], type, [OnnxGraph.Dynamic]);
        var found = ReductionFunctions.Any(OnnxMath.Compare("Equal", given, among), [call.TracedX.Shape.Length], keep: false);
        return call.Flag("invert") ? OnnxMath.Not(found) : found;
    }

    private static OnnxValue Logit(FunctionCall call)
    {
        var x = call.Typed;
        if (call.Has("eps") && call.Number(0, "eps") is var eps)
            x = call.Operator("Clip", [x, Number(call, eps), Number(call, 1 - eps)]);
        return Unary("Log", x / (Number(call, 1) - x));
    }

    // The angle of the point (x, y). Where x is not positive, half a turn more or less, on the side of y.
    private static OnnxValue Angle(FunctionCall call)
    {
        var (y, x) = (call.Operand(0, call.Type), call.Operand(1, call.Type));
        var side = OnnxMath.Where(IsNegative(y), -1, OnnxTypes.Number(call.Graph, 1, call.Type));
        var quotient = Unary("Atan", y / x);
        var left = OnnxMath.Where(IsNegative(x), quotient + OnnxMath.Times(side, Math.PI), quotient);
        // 0 / 0 is no number: the angle is 0 or half a turn.
        var none = OnnxMath.And(OnnxMath.Compare("Equal", x, 0), OnnxMath.Compare("Equal", y, 0));
        var ends = OnnxMath.Where(IsNegative(x), OnnxMath.Times(side, Math.PI), y);
        return OnnxMath.Where(none, ends, left);
    }

    // max + log(1 + exp(-|x - y|)), in logarithms of a base: of e 1, of 2 log(2).
    private static OnnxValue LogAddExp(FunctionCall call, double unit)
    {
        var (x, y) = (call.Operand(0, call.Type), call.Operand(1, call.Type));
        var distance = Unary("Abs", x - y);
        var more = Unary("Log", OnnxMath.Plus(Unary("Exp", OnnxMath.Times(distance, -unit)), 1));
        var largest = OnnxMath.Extreme("Max", x, y);
        // Two infinities of one sign have no distance.
        return OnnxMath.Where(
            OnnxMath.Compare("Equal", x, y), OnnxMath.Plus(x, Math.Log(2) / unit), largest + OnnxMath.Times(more, 1 / unit));
    }

    // Of a number and NaN the number.
    private static OnnxValue ButNan(FunctionCall call, string op)
    {
        var (x, y) = (call.Operand(0, call.Type), call.Operand(1, call.Type));
        var extreme = call.Operator(op, [x, y]);
        return OnnxTypes.IsFloat(call.Type) ? OnnxMath.Where(IsNan(x), y, OnnxMath.Where(IsNan(y), x, extreme)) : extreme;
    }

    // x times a logarithm of y: 0 where x is, but not where y is no number.
    private static OnnxValue PowerOfTwo(FunctionCall call, OnnxValue exponent) =>
        call.Graph.Apply("Pow", [Number(call, 2), exponent], call.Type, exponent.Dimensions);

    private static OnnxValue LogProduct(OnnxValue x, OnnxValue y, OnnxValue logarithm)
    {
        var zero = OnnxMath.Compare("Equal", x, 0);
        if (!ReferenceEquals(x, y)) zero = OnnxMath.And(zero, OnnxMath.Not(IsNan(y)));
        return OnnxMath.Where(zero, 0, x * logarithm);
    }
}
