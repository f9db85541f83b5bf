using System.Globalization;

namespace GanPipeline.Pipelines;

/// <summary>What stands around every page: its head, style and script, and who made it when.</summary>
internal static class PageFrame
{
    /// <summary>Up to the open header, which the page closes.</summary>
    /// <param name="kicker">What page it is.</param>
    /// <param name="title">Its title.</param>
    /// <param name="lead">The line below.</param>
    public static string Head(string kicker, string title, string lead) => $"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <link rel="icon" href="data:,"><title>{Html.Text(title)}</title><style>{Html.Resource("report.css")}</style></head><body><main>
        <header><p class="kicker">{Html.Text(kicker)}</p><h1>{Html.Text(title)}</h1>
        <p class="lead">{Html.Text(lead)}</p>
        """;

    /// <summary>The rest of the page.</summary>
    /// <param name="note">Where its figures are from.</param>
    public static string Foot(string note) => $"""
        <footer>GanPipeline {About.Version}, {DateTime.UtcNow.ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture)} UTC.
        {Html.Text(note)}</footer>
        </main><script>{Html.Resource("report.js")}</script></body></html>
        """;
}
