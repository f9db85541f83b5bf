using GanPipeline.Evaluation;

namespace GanPipeline.Pipelines;

/// <summary>Whether samples repeat training pictures, in words.</summary>
internal static class CopyText
{
    /// <summary>"no sign of copying", or how many samples are too near to training pictures.</summary>
    public static string Verdict(CopyMetrics m)
    {
        if (!m.IsSuspected) return "no sign of copying";
        var (where, distances) = m.Pixels.Chance < m.Features.Chance || m.Features.Chance >= CopyMetrics.Level
            ? ("in pixels", m.Pixels)
            : ("in features", m.Features);
        return $"{TextFormat.Count(distances.Nearer)} of {TextFormat.Count(m.Samples, "sample")} are nearer to a training picture " +
            $"than 99 % of real pictures are, {where}: look at {RunFolder.CopiesName}";
    }
}
