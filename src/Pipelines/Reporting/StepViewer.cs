namespace GanPipeline.Pipelines;

/// <summary>
/// Pictures by step, of which one shows: <c>.frames</c> with an image a step, and the slider for all of them, within one
/// <c>.evolution</c>.
/// </summary>
internal static class StepViewer
{
    /// <summary>So many of some things, evenly spaced, the first and the last among them.</summary>
    public static IReadOnlyList<T> Spread<T>(IReadOnlyList<T> all, int most)
    {
        var count = Math.Min(all.Count, most);
        return count < 2 ? [.. all.TakeLast(count)]
            : [.. Enumerable.Range(0, count).Select(i => all[(int)Math.Round((double)i * (all.Count - 1) / (count - 1))]).Distinct()];
    }

    /// <summary>The pictures; the last one shows.</summary>
    public static string Frames(IReadOnlyList<(long Step, string Path)> files, string what) => string.Concat(files.Select((file, i) => $"""
        <img{(i < files.Count - 1 ? " hidden" : "")} data-step="{file.Step}"
        alt="{Html.Text(what)} after {TextFormat.Count(file.Step, "step")}" src="{Html.DataUri(file.Path)}">
        """));

    /// <summary>The slider, at the last step.</summary>
    public static string Control(IReadOnlyList<long> steps) => $"""
        <div class="control"><label for="step">Step</label><output for="step">{TextFormat.Count(steps[^1])}</output>
        <input id="step" type="range" min="0" max="{steps.Count - 1}" value="{steps.Count - 1}"
        aria-valuetext="step {TextFormat.Count(steps[^1])}">
        <button type="button">Play</button></div>
        """;
}
