using GanPipeline.Data;
using GanPipeline.Inference;
using Microsoft.AspNetCore.Http.Metadata;

namespace GanPipeline.Studio;

/// <summary>The most bytes of a body that an address takes, in place of the server's usual limit.</summary>
/// <param name="MaxRequestBodySize">The bytes.</param>
internal sealed record RequestSize(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;

/// <summary>The page of all models, and what the pages of one have in common.</summary>
internal static class ModelEndpoints
{
    /// <summary>Adds the pages of models to a server.</summary>
    public static void MapModels(this WebApplication app, ModelCatalog models, ModelStore store)
    {
        app.MapGet("/models", (HttpContext context) =>
        {
            var shown = from model in models.List()
                        where model.Kind != ModelKind.Classifier
                        let bytes = new FileInfo(model.Path).Length
                        select new { model.Address, model.Name, model.Kind, Version = Version(model), Bytes = bytes };
            return Pages.Page(context, "models", ("models", shown));
        });
        var directions = new DirectionFinder(store, app.Lifetime.ApplicationStopping);
        foreach (var (address, find) in new (string, Func<string, ModelKind, ModelFile?>)[]
        {
            ("/models/{name}", models.Find), ("/runs/{name}/models", models.FindOfRun),
        })
        {
            var group = app.MapGroup(address).AddEndpointFilter(Tell);
            group.MapGenerator(name => find(name, ModelKind.Generator), models, store, directions);
            foreach (var kind in new[] { ModelKind.Translator, ModelKind.TranslatorBack })
                group.MapTranslator(name => find(name, kind), kind, store);
            group.MapPoseGenerator(name => find(name, ModelKind.PoseGenerator), store);
        }
    }

    /// <summary>Changes when the file does, so that a browser may keep what it was given.</summary>
    public static string Version(ModelFile model) => File.GetLastWriteTimeUtc(model.Path).Ticks.ToString("x", null);

    /// <summary>A picture, which a browser may keep as long as the address names the model's version.</summary>
    public static IResult Png(HttpContext context, byte[] png)
    {
        context.Response.Headers.CacheControl = context.Request.Query.ContainsKey("v") ? "private, max-age=3600" : "no-store";
        return Results.Bytes(png, "image/png");
    }

    /// <summary>What is wrong with a request or a model is told in a sentence.</summary>
    public static async ValueTask<object?> Tell(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (ArgumentException e)
        {
            return Results.Text(e.Message, statusCode: StatusCodes.Status400BadRequest);
        }
        catch (BadHttpRequestException e)
        {
            return Results.Text(e.Message, statusCode: e.StatusCode);
        }
        catch (Exception e) when (e is ModelException or DataSetException)
        {
            return Results.Text(e.Message, statusCode: StatusCodes.Status422UnprocessableEntity);
        }
    }
}
