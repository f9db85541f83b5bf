using System.Globalization;
using GanPipeline.Evaluation;

namespace GanPipeline.Pipelines;

/// <summary>The metrics of modes in words.</summary>
internal static class ModeText
{
    /// <summary>"985 +- 4 of 1,000 modes, KL divergence 0.21 +- 0.004 (real images 1,000, 0.02)".</summary>
    public static string Line(ModeMetrics samples, ModeMetrics? real) =>
        $"{Modes(samples)} of {TextFormat.Count(samples.DataModes, "mode")}, KL divergence {Divergence(samples)}" +
        (real is null ? "" : $" (real images {TextFormat.Count(real.Modes)}, {Number(real.KlDivergence)})") +
        (samples.Outside > 0 ? $", {TextFormat.Count(samples.Outside, "sample")} of other modes" : "");

    /// <summary>The number of modes and its standard error.</summary>
    public static string Modes(ModeMetrics m) => WithError(TextFormat.Count(m.Modes), m.ModesError, "0.#");

    /// <summary>The divergence and its standard error.</summary>
    public static string Divergence(ModeMetrics m) => WithError(Number(m.KlDivergence), m.KlError, "0.0000");

    private static string Number(double value) =>
        double.IsFinite(value) ? value.ToString("0.0000", CultureInfo.InvariantCulture) : "unknown";

    private static string WithError(string value, double error, string format) =>
        error > 0 ? $"{value} +- {error.ToString(format, CultureInfo.InvariantCulture)}" : value;
}
