using GanPipeline.Pipelines;
using GanPipeline.Training;

namespace GanPipeline.Studio;

/// <summary>The pages of runs, and what their scripts ask for.</summary>
internal static class RunEndpoints
{
    // A report has scripts and styles in it. Here it is a document of no origin: its scripts reach nothing of the studio.
    private const string ReportPolicy = "sandbox allow-scripts; default-src 'none'; img-src data:; style-src 'unsafe-inline'; " +
        "script-src 'unsafe-inline'; frame-ancestors 'none'";

    /// <summary>Adds them to a server.</summary>
    /// <param name="app">The server.</param>
    /// <param name="runs">What is shown.</param>
    /// <param name="started">What runs are started and stopped with.</param>
    public static void MapRuns(this WebApplication app, RunCatalog runs, StartedRuns started)
    {
        var advice = Enum.GetValues<TrainingCondition>().ToDictionary(condition => condition.Key(),
            condition => new { Meaning = condition.Meaning(), Remedies = condition.Remedies() });
        app.MapGet("/runs", (HttpContext context) => Pages.Page(context, "runs"));
        app.MapGet("/runs/list", () => Results.Json(runs.List(), StudioJson.Options));
        app.MapGet("/runs/{name}", (HttpContext context, string name) => runs.Find(name) is null ? Results.NotFound()
            : Pages.Page(context, "run", ("name", name), ("advice", advice)));
        app.MapGet("/runs/{name}/state", (string name) => runs.Find(name) is { } run
            ? Results.Json(runs.State(run), StudioJson.Options) : Results.NotFound());
        app.MapGet("/runs/{name}/samples/{step:long}.png", (string name, long step) =>
            runs.Find(name)?.Training.Sample(step) is { } path ? SentFile(path, "image/png") : Results.NotFound());
        app.MapGet("/runs/{name}/report.html", (HttpContext context, string name) =>
        {
            context.Response.Headers.ContentSecurityPolicy = ReportPolicy;
            return runs.Find(name)?.Report is { } path ? SentFile(path, "text/html; charset=utf-8") : Results.NotFound();
        });
        app.MapPost("/runs/{name}/stop", (string name) =>
        {
            if (runs.Find(name) is null) return Results.NotFound();
            if (started.Find(name) is not { IsAlive: true } run)
                return Refused($"This studio has no process that works on {name}. What was started in a terminal is stopped there.");
            run.Stop();
            return Results.NoContent();
        });
        app.MapPost("/runs/{name}/resume", (string name) =>
        {
            if (runs.Find(name) is null) return Results.NotFound();
            try
            {
                started.Start(name, ["resume", Path.Combine(runs.Folder, name)]);
                return Results.NoContent();
            }
            catch (WorkException e) { return Refused(e.Message); }
        });
    }

    private static IResult Refused(string problem) => Results.Text(problem, statusCode: StatusCodes.Status409Conflict);

    /// <summary>A file of a run; 404 where it is none, or a link, which may lead out of the run.</summary>
    private static IResult SentFile(string path, string type) =>
        new FileInfo(path) is { Exists: true, LinkTarget: null } file
            ? Results.File(file.FullName, type, lastModified: file.LastWriteTimeUtc) : Results.NotFound();
}
