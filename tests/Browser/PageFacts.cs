namespace GanPipeline.Browser.Tests;

/// <summary>What the tests of gan page need: Chromium, and onnxruntime-web beside the program.</summary>
internal static class PageNeeds
{
    public static string? Missing =>
        !Peers.Answers("chromium", "--version") ? "needs chromium --version"
        : Directory.Exists(Path.Combine(AppContext.BaseDirectory, "onnxruntime-web")) ? null
        : "needs onnxruntime-web, which a build with npm fetches";
}

/// <summary>A test of a page of gan page, skipped by name where what it needs is absent.</summary>
public sealed class PageFactAttribute : FactAttribute
{
    public PageFactAttribute() => Skip = PageNeeds.Missing;
}

/// <summary>A theory about pages of gan page, skipped by name where what they need is absent.</summary>
public sealed class PageTheoryAttribute : TheoryAttribute
{
    public PageTheoryAttribute() => Skip = PageNeeds.Missing;
}
