using GanPipeline.Data;
using GanPipeline.Inference;

namespace GanPipeline.Studio;

/// <summary>
/// The page of bricks: the renderer of the data set Bricks, beside what a conditional generator makes of the same attributes.
/// </summary>
internal static class BrickEndpoints
{
    /// <summary>Adds it to a server.</summary>
    public static void MapBricks(this WebApplication app, ModelCatalog models, ModelStore store)
    {
        var group = app.MapGroup("/bricks").AddEndpointFilter(ModelEndpoints.Tell);
        group.MapGet("/", (HttpContext context) => Pages.Page(context, "bricks",
            ("kinds", BrickType.All.Select(type => type.Name)), ("colors", BrickColor.All.Select(color => color.Name)),
            ("models", Generators().Select(Describe))));

        group.MapGet("/render.png", (HttpContext context) =>
            ModelEndpoints.Png(context, Pictures.EncodePng(BrickScene.Read(context.Request.Query).Render(), 0)));

        group.MapGet("/generated.png", (HttpContext context, string model, long seed = 0) => Find(model) is not { } file
            ? Results.NotFound()
            : store.WithGenerator(file, generator =>
            {
                var label = BrickWish.Label(generator, BrickScene.Read(context.Request.Query).Attributes);
                return ModelEndpoints.Png(context, Pictures.EncodePng(generator.Sample(1, seed, labels: [label]), 0));
            }));

        group.MapGet("/label", (HttpContext context, string model) => Find(model) is not { } file ? Results.NotFound()
            : store.WithGenerator(file, generator =>
            {
                var label = BrickWish.Label(generator, BrickScene.Read(context.Request.Query).Attributes);
                return Results.Json(new { Label = label, Warnings = generator.Warnings(label) }, StudioJson.Options);
            }));

        object Describe(ModelFile model)
        {
            var summary = store.Summary(model)!;
            return new { model.Folder, model.Name, Version = ModelEndpoints.Version(model), summary.Width, summary.Channels };
        }

        IEnumerable<ModelFile> Generators() => models.List().Where(model =>
            model.Kind == ModelKind.Generator && store.Summary(model) is { IsConditional: true, DataSet: "bricks" });

        ModelFile? Find(string folder) => Generators().FirstOrDefault(model => model.Folder == folder);
    }
}
