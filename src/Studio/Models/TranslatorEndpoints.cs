using GanPipeline.Data;
using GanPipeline.Inference;

namespace GanPipeline.Studio;

/// <summary>A translator's page, on which a drawing becomes a picture, and what its script asks for.</summary>
internal static class TranslatorEndpoints
{
    private const int UsualSide = 128;

    private static readonly string[] _plain =
    [
        "#000000", "#ffffff", "#808080", "#c91a09", "#0055bf", "#f2cd37", "#237841", "#fe8a18", "#81007b", "#582a12",
    ];

    /// <summary>Adds it to a group of addresses that name a model.</summary>
    /// <param name="group">The group.</param>
    /// <param name="find">The model of a name.</param>
    /// <param name="kind">Which of a CycleGAN's two, whose back one makes inputs of targets.</param>
    /// <param name="store">Opens the models.</param>
    public static void MapTranslator(this RouteGroupBuilder group, Func<string, ModelFile?> find, ModelKind kind, ModelStore store)
    {
        var (page, isBack) = (StudioJson.Name(kind), kind == ModelKind.TranslatorBack);
        group.MapGet($"/{page}", (HttpContext context, string name) => find(name) is not { } file ? Results.NotFound()
            : store.WithTranslator(file, model => Pages.Page(context, "translator", ("model", Describe(file, model, page)))));

        group.MapPost($"/{page}/picture.png", async (HttpContext context, string name, int width, int height) =>
        {
            if (find(name) is not { } file) return Results.NotFound();
            var channels = store.WithTranslator(file, model => model.Channels);
            var image = await RawPicture.ReadAsync(context.Request.Body, width, height, channels, context.RequestAborted);
            var png = store.WithTranslator(file, model => Pictures.EncodePng(model.Translate(image, context.RequestAborted), 0));
            return ModelEndpoints.Png(context, png);
        }).WithMetadata(new RequestSize(RawPicture.MostBytes));

        // Of the way back, inputs are the pairs' targets.
        foreach (var (side, isTarget) in new[] { ("input", isBack), ("target", !isBack) })
        {
            group.MapGet($"/{page}/{side}.png", (HttpContext context, string name, int index) =>
            {
                using var examples = BrickExamples.Of(find(name)?.Run);
                if (examples is null) return Results.NotFound();
                var image = isTarget ? examples.Target(index) : examples.Input(index);
                return ModelEndpoints.Png(context, Pictures.EncodePng(image, 0));
            });
        }
    }

    private static object Describe(ModelFile file, TranslatorModel model, string page)
    {
        using var examples = BrickExamples.Of(file.Run);
        var isBack = file.Kind == ModelKind.TranslatorBack;
        return new
        {
            Address = $"{file.Address}/{page}", file.Name, file.Folder, file.File, Version = ModelEndpoints.Version(file), model.Channels,
            Width = model.Width > 0 ? model.Width : UsualSide, Height = model.Height > 0 ? model.Height : UsualSide,
            Pipeline = model.Metadata.GetValueOrDefault(ModelMetadata.Pipeline), Examples = examples?.Count ?? 0, IsBack = isBack,
            // Only what is made of the pictures has few colours.
            Palette = (isBack == examples?.IsTurned ? examples.Pair : null) switch
            {
                PairForm.Classes => BrickSurfaces.Palette
                    .Select(surface => new Paint(surface.Name, $"#{surface.Red:x2}{surface.Green:x2}{surface.Blue:x2}")),
                PairForm.Edges => [new("ink", "#000000"), new("paper", "#ffffff")],
                PairForm.Depth => Enumerable.Range(0, 9).Select(i => i * 255 / 8).Select(gray => new Paint(
                    $"{gray}", $"#{gray:x2}{gray:x2}{gray:x2}")),
                _ => _plain.Select(color => new Paint(color, color)),
            },
        };
    }

    /// <param name="Name">What it stands for.</param>
    /// <param name="Color">As CSS writes it.</param>
    private sealed record Paint(string Name, string Color);
}
