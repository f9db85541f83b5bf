using System.Reflection;

namespace GanPipeline.Pipelines;

/// <summary>What this program says about itself.</summary>
internal static class About
{
    public static string Version { get; } =
        (typeof(About).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0").Split('+')[0];

    /// <summary>"nuget" or "compat": where TorchSharp, ONNX Runtime, OnnxSharp and ImageSharp come from in this build.</summary>
    public static string Packages { get; } =
        typeof(About).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == "GanPackages")?.Value ?? "unknown";

    /// <summary>The checkout, which the entry script names; the current folder where it does not.</summary>
    public static string Root => Environment.GetEnvironmentVariable("GAN_ROOT") is { Length: > 0 } root ? root : Environment.CurrentDirectory;
}
