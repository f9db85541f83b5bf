namespace GanPipeline;

/// <summary>
/// Sine, cosine and exponential function of basic IEEE operations, equal on every machine: C libraries differ in the last place, and a
/// picture is to be the same picture everywhere. (Square roots are exact by the standard.)
/// </summary>
internal static class ExactMath
{
    /// <summary>Sine and cosine of an angle in degrees, right to about 1e-15.</summary>
    public static (double Sin, double Cos) SinCosDegrees(double degrees)
    {
        var quarters = Math.Round(degrees / 90);
        var x = (degrees - quarters * 90) * (Math.PI / 180); // within an eighth of a turn of 0
        var (sin, cos) = (Sine(x), Cosine(x));
        return ((long)quarters & 3) switch { 0 => (sin, cos), 1 => (cos, -sin), 2 => (-sin, -cos), _ => (-cos, sin) };
    }

    /// <summary>exp(-x) of x from 0 on, right to about 1e-14: exp(-x / 64) by Taylor's series, and its square six times.</summary>
    public static double ExpOfNegative(double x)
    {
        if (x > 40) return 0;
        var y = -x / 64; // above -0.625
        var value = 1.0;
        for (var n = 16; n > 0; n--) value = 1 + value * y / n;
        for (var i = 0; i < 6; i++) value *= value;
        return value;
    }

    // Taylor's series; the first term left out is below 1e-16 for |x| <= pi/4.
    private static double Sine(double x)
    {
        var s = x * x;
        return x * (1 - s / 6 * (1 - s / 20 * (1 - s / 42 * (1 - s / 72 * (1 - s / 110 * (1 - s / 156 * (1 - s / 210)))))));
    }

    private static double Cosine(double x)
    {
        var s = x * x;
        return 1 - s / 2 * (1 - s / 12 * (1 - s / 30 * (1 - s / 56 * (1 - s / 90 * (1 - s / 132 * (1 - s / 182 * (1 - s / 240)))))));
    }
}
