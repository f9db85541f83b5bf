using GanPipeline.Pipelines;

namespace GanPipeline.Studio;

/// <summary>The page of runs beside each other, and what its script asks for.</summary>
internal static class CompareEndpoints
{
    /// <summary>Adds them to a server.</summary>
    /// <param name="app">The server.</param>
    /// <param name="runs">All runs.</param>
    public static void MapCompare(this WebApplication app, RunCatalog runs)
    {
        app.MapGet("/compare", (HttpContext context) => Pages.Page(context, "compare"));
        app.MapGet("/compare/state", (string? runs) => State(runs));

        IResult State(string? names)
        {
            try
            {
                string[] wanted = [.. (names ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)];
                return Results.Json(ComparisonView.Create(runs, wanted), StudioJson.Options);
            }
            catch (Exception e) when (e is RequestException or WorkException or IOException)
            {
                return Results.Text(e.Message, statusCode: StatusCodes.Status400BadRequest);
            }
        }
    }
}
