namespace GanPipeline.Bench;

/// <summary>This program, to be started again as another process.</summary>
internal static class Self
{
    /// <summary>As .NET names it, such as linux-x64.</summary>
    public static string Platform { get; } = System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier;

    /// <summary>Its own executable, also where <c>dotnet</c> runs its assembly.</summary>
    public static string Executable { get; } =
        Path.Combine(AppContext.BaseDirectory, "GanPipeline.Bench" + (OperatingSystem.IsWindows() ? ".exe" : ""));
}
