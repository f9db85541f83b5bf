namespace GanPipeline.Export;

/// <summary>Functions that have no operator, by approximations in float32.</summary>
internal static class SpecialFunctions
{
    // Giles, Approximating the erfinv function, 2010: single precision, of w = -log(1 - x^2), less 2.5 below 5, its root less 3 above.
    private static readonly double[] _erfinvMiddle =
    [
        2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087, -0.00125372503, -0.00417768164, 0.246640727,
        1.50140941,
    ];

    private static readonly double[] _erfinvEnds =
    [
        -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047, 1.00167406,
        2.83297682,
    ];

    // Abramowitz and Stegun, Handbook of Mathematical Functions, 9.8.1 to 9.8.4: of t = (x / 3.75)^2, and of 1 / t = 3.75 / |x| beyond.
    private static readonly double[] _i0Middle = [0.0045813, 0.0360768, 0.2659732, 1.2067492, 3.0899424, 3.5156229, 1];

    private static readonly double[] _i0Ends =
        [0.00392377, -0.01647633, 0.02635537, -0.02057706, 0.00916281, -0.00157565, 0.00225319, 0.01328592, 0.39894228];

    private static readonly double[] _i1Middle = [0.00032411, 0.00301532, 0.02658733, 0.15084934, 0.51498869, 0.87890594, 0.5];

    private static readonly double[] _i1Ends =
        [-0.00420059, 0.01787654, -0.02895312, 0.02282967, -0.01031555, 0.00163801, -0.00362018, -0.03988024, 0.39894228];

    public static void AddTo(FunctionConverters table)
    {
        table.Section = "Element by element";
        const string approximation = "By an approximation to about 1e-6 of the value.";
        table.AddNear("erfinv", approximation, call => ErfInverse(call.Typed));
        table.Refuse("torch.erfinv", "which computes erf in TorchSharp 0.107; take special.erfinv");
        table.AddNear("ndtri", approximation, call => OnnxMath.Times(
            ErfInverse(OnnxMath.Plus(OnnxMath.Times(call.Typed, 2), -1)), Math.Sqrt(2)));
        table.AddNear("i0 modified_bessel_i0", approximation, call => Bessel(call.Typed, _i0Middle, _i0Ends, scaled: false));
        table.AddNear("i0e", approximation, call => Bessel(call.Typed, _i0Middle, _i0Ends, scaled: true));
        table.AddNear("i1 modified_bessel_i1", approximation, call => Odd(call.Typed, scaled: false));
        table.AddNear("i1e", approximation, call => Odd(call.Typed, scaled: true));
        const string gamma = "By Stirling's series: near its zeros it keeps fewer digits.";
        table.AddNear("lgamma gammaln", gamma, call => LogGamma(call.Typed));
        table.AddNear("digamma psi", gamma, call => Digamma(call.Typed));
        table.AddNear("mvlgamma multigammaln", gamma, call =>
        {
            var p = (int)call.Integer("p", 1);
            var sum = Enumerable.Range(0, p).Select(i => LogGamma(OnnxMath.Plus(call.Typed, -i / 2.0))).Aggregate((a, b) => a + b);
            return OnnxMath.Plus(sum, p * (p - 1) / 4.0 * Math.Log(Math.PI));
        });
    }

    private static OnnxValue Polynomial(OnnxValue x, params ReadOnlySpan<double> coefficients)
    {
        var sum = OnnxTypes.Number(x.Graph, coefficients[0], x.Type);
        foreach (var coefficient in coefficients[1..]) sum = OnnxMath.Plus(x * sum, coefficient);
        return sum;
    }

    private static OnnxValue Logarithm(OnnxValue x) => OnnxMath.Unary("Log", x);

    private static OnnxValue Reciprocal(OnnxValue x) => OnnxMath.Unary("Reciprocal", x);

    private static OnnxValue Less(double number, OnnxValue x) => OnnxTypes.Number(x.Graph, number, x.Type) - x;

    private static OnnxValue ErfInverse(OnnxValue x)
    {
        var w = OnnxMath.Unary("Neg", Logarithm(Less(1, x) * OnnxMath.Plus(x, 1)));
        var middle = Polynomial(OnnxMath.Plus(w, -2.5), _erfinvMiddle);
        var ends = Polynomial(OnnxMath.Plus(OnnxMath.Unary("Sqrt", OnnxMath.Extreme("Max", w, OnnxTypes.Number(x.Graph, 0, x.Type))), -3),
            _erfinvEnds);
        var result = x * OnnxMath.Where(OnnxMath.Compare("Less", w, 5), middle, ends);
        return OnnxMath.Where(OnnxMath.Compare("Equal", OnnxMath.Unary("Abs", x), 1), OnnxMath.Times(x, double.PositiveInfinity), result);
    }

    // Each half is given arguments of its own range, so that none overflows where it is not chosen.
    private static OnnxValue Bessel(OnnxValue x, double[] middle, double[] ends, bool scaled)
    {
        var graph = x.Graph;
        var size = OnnxMath.Unary("Abs", x);
        var isMiddle = OnnxMath.Compare("Less", size, 3.75);
        var t = OnnxMath.Times(OnnxMath.Extreme("Min", size, OnnxTypes.Number(graph, 3.75, x.Type)), 1 / 3.75);
        var near = Polynomial(t * t, middle);
        var beyond = OnnxMath.Extreme("Max", size, OnnxTypes.Number(graph, 3.75, x.Type));
        var far = Polynomial(OnnxMath.Times(Reciprocal(beyond), 3.75), ends) / OnnxMath.Unary("Sqrt", beyond);
        if (scaled) near *= OnnxMath.Unary("Exp", OnnxMath.Unary("Neg", size));
        else far *= OnnxMath.Unary("Exp", beyond);
        return OnnxMath.Where(isMiddle, near, far);
    }

    private static OnnxValue Odd(OnnxValue x, bool scaled)
    {
        var size = OnnxMath.Unary("Abs", x);
        // The polynomial of the middle is that of I1(x) / x.
        var value = Bessel(x, _i1Middle, _i1Ends, scaled);
        return OnnxMath.Where(OnnxMath.Compare("Less", size, 3.75), x * value, OnnxMath.Unary("Sign", x) * value);
    }

    // log of Gamma at x + 8 less the log of x (x + 1) ... (x + 7); below 1/2 by the reflection.
    private static OnnxValue LogGamma(OnnxValue x)
    {
        var isBelow = OnnxMath.Compare("Less", x, 0.5);
        var y = OnnxMath.Where(isBelow, Less(1, x), x);
        // Of large arguments the product would overflow, and Stirling's series serves as it is.
        var isLarge = OnnxMath.Compare("Greater", y, 8);
        var product = y;
        for (var i = 1; i < 8; i++) product *= OnnxMath.Plus(y, i);
        var z = OnnxMath.Where(isLarge, y, OnnxMath.Plus(y, 8));
        var inverse = Reciprocal(z);
        var series = inverse * Polynomial(inverse * inverse, 1.0 / 1260, -1.0 / 360, 1.0 / 12);
        var stirling = OnnxMath.Plus(OnnxMath.Plus(z, -0.5) * Logarithm(z) - z + series, 0.5 * Math.Log(2 * Math.PI));
        var value = stirling - OnnxMath.Where(isLarge, 0, Logarithm(OnnxMath.Where(isLarge, 1, product)));
        var sine = OnnxMath.Unary("Abs", OnnxMath.Unary("Sin", OnnxMath.Times(x - OnnxMath.Unary("Round", x), Math.PI)));
        return OnnxMath.Where(isBelow, Less(Math.Log(Math.PI), Logarithm(sine)) - value, value);
    }

    private static OnnxValue Digamma(OnnxValue x)
    {
        var isBelow = OnnxMath.Compare("Less", x, 0.5);
        var y = OnnxMath.Where(isBelow, Less(1, x), x);
        var z = OnnxMath.Plus(y, 8);
        var inverse = Reciprocal(z);
        var square = inverse * inverse;
        var value = Logarithm(z) - OnnxMath.Times(inverse, 0.5) - square * Polynomial(square, 1.0 / 252, -1.0 / 120, 1.0 / 12);
        for (var i = 0; i < 8; i++) value -= Reciprocal(OnnxMath.Plus(y, i));
        var angle = OnnxMath.Times(x - OnnxMath.Unary("Round", x), Math.PI);
        return OnnxMath.Where(isBelow, value - OnnxMath.Times(Reciprocal(OnnxMath.Unary("Tan", angle)), Math.PI), value);
    }
}
