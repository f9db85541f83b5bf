using System.Reflection;

namespace GanPipeline.Pipelines;

/// <summary>What this program says about itself.</summary>
internal static class About
{
    private const string Marker = "pipelines.yaml";

    public static string Version { get; } =
        (typeof(About).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0").Split('+')[0];

    /// <summary>The checkout: as the entry script names it, or else above the program; the current folder where it is in neither.</summary>
    public static string Root { get; }
        = Environment.GetEnvironmentVariable("GAN_ROOT") is { Length: > 0 } root ? root : Find() ?? Environment.CurrentDirectory;

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, Marker))) return folder.FullName;
        return null;
    }
}
