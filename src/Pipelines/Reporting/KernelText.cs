using GanPipeline.Evaluation;

namespace GanPipeline.Pipelines;

/// <summary>The kernel distance in words.</summary>
internal static class KernelText
{
    /// <summary>"0.0123 +- 0.0008".</summary>
    public static string Distance(KernelDistance d) => $"{TextFormat.Number(d.Mean)} +- {TextFormat.Number(d.Error)}";
}
