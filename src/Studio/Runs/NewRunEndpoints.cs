using GanPipeline.Pipelines;

namespace GanPipeline.Studio;

/// <summary>The page that starts a run, and what its script asks for.</summary>
internal static class NewRunEndpoints
{
    /// <summary>Adds them to a server.</summary>
    /// <param name="app">The server.</param>
    /// <param name="file">The pipelines file; null for the one that gan takes by itself.</param>
    /// <param name="runs">The folder of all runs.</param>
    /// <param name="started">What runs are started with.</param>
    public static void MapNewRuns(this WebApplication app, string? file, string runs, StartedRuns started)
    {
        app.MapGet("/runs/new", (HttpContext context) =>
        {
            var (pipelines, problem) = Pipelines(file);
            return Pages.Page(context, "new", ("pipelines", pipelines), ("problem", problem ?? started.Problem ?? ""));
        });
        app.MapGet("/runs/new/form", (string? pipeline, string? preset) =>
        {
            try { return Json(RunForm.Create(PipelineFile.Find(file), pipeline ?? "", preset ?? "", runs)); }
            catch (RequestException e) { return Json(new FormProblem("", e.Message), StatusCodes.Status400BadRequest); }
        });
        app.MapPost("/runs/new/check", (HttpRequest request) => Answer(request, asked => Json(Check(asked))));
        app.MapPost("/runs/new", (HttpRequest request) => Answer(request, asked =>
        {
            var check = Check(asked);
            if (check.Problems.Count > 0) return Json(check, StatusCodes.Status400BadRequest);
            try
            {
                started.Start(asked.Name, asked.Arguments(file, runs));
                return Results.Created($"/runs/{Uri.EscapeDataString(asked.Name)}", null);
            }
            catch (WorkException e)
            {
                return Json(check with { Problems = [new("", e.Message)] }, StatusCodes.Status409Conflict);
            }
        }));

        NewRunCheck Check(NewRun asked) => new(TextFormat.GanCommand(asked.Arguments(file, runs)), asked.Check(file, runs));
    }

    private static (IReadOnlyList<PipelineSummary> Pipelines, string? Problem) Pipelines(string? file)
    {
        try { return (PipelineFile.Summaries(PipelineFile.Find(file)), null); }
        catch (RequestException e) { return ([], e.Message); }
    }

    private static async Task<IResult> Answer(HttpRequest request, Func<NewRun, IResult> answer) =>
        // JSON may hold nothing in a list.
        await StudioJson.ReadAsync<NewRun>(request) is { } asked && asked.Settings.All(setting => setting is not null)
            ? answer(asked) : Results.BadRequest();

    private static IResult Json(object value, int status = StatusCodes.Status200OK) =>
        Results.Json(value, StudioJson.Options, statusCode: status);
}
