using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using GanPipeline.Inference;

namespace GanPipeline.Studio;

/// <summary>The latent explorer: a generator's page, and what its script asks for.</summary>
internal static class GeneratorEndpoints
{
    private const int MostInGrid = 16, MostExamples = 50;

    /// <summary>Adds it to a group of addresses that name a model.</summary>
    public static void MapGenerator(
        this RouteGroupBuilder group, Func<string, ModelFile?> find, ModelCatalog models, ModelStore store, DirectionFinder finder)
    {
        group.MapGet("/generator", (HttpContext context, string name) => find(name) is not { } file ? Results.NotFound()
            : store.WithGenerator(file, model => Pages.Page(context, "generator", ("model", Describe(file, model)),
                ("readers", Readers(model).Select(reader => new { reader.Folder, reader.Name })))));

        group.MapGet("/generator/grid.png", (HttpContext context, string name, int count = 8) => find(name) is not { } file
            ? Results.NotFound()
            : store.WithGenerator(file, model =>
            {
                var images = model.Sample(Math.Clamp(count, 1, MostInGrid), cancellationToken: context.RequestAborted);
                return ModelEndpoints.Png(context, Pictures.EncodeGrid(images));
            }));

        group.MapGet("/generator/image.png", (HttpContext context, string name) => find(name) is not { } file ? Results.NotFound()
            : store.WithGenerator(file, model =>
            {
                var latent = LatentPlace.Read(context.Request.Query).Latent(model.LatentSize, Directions(context, file).Found);
                var images = model.Generate(latent, Label(context) is { } label ? [label] : null, context.RequestAborted);
                return ModelEndpoints.Png(context, Pictures.EncodePng(images, 0));
            }));

        group.MapGet("/generator/latent.npy", (HttpContext context, string name) => find(name) is not { } file ? Results.NotFound()
            : store.WithGenerator(file, model =>
            {
                var latent = LatentPlace.Read(context.Request.Query).Latent(model.LatentSize, Directions(context, file).Found);
                byte[] bytes = [.. NpyHeader.Of(NpyHeader.Float32, 1, latent.Length), .. MemoryMarshal.AsBytes(latent.AsSpan())];
                return Results.File(bytes, "application/octet-stream", "latent.npy");
            }));

        group.MapGet("/generator/code", (HttpContext context, string name) => find(name) is not { } file ? Results.NotFound()
            : store.WithGenerator(file, model =>
            {
                var (place, label) = (LatentPlace.Read(context.Request.Query), Label(context));
                var (reader, found) = Directions(context, file);
                // Says what is wrong, before it is copied.
                place.Latent(model.LatentSize, found);
                model.LabelVectors(1, labels: label is null ? null : [label]);
                return Results.Json(new
                {
                    Code = PictureCode.Of(file, place, label, reader, found), Warnings = label is null ? [] : model.Warnings(label),
                }, StudioJson.Options);
            }));

        group.MapGet("/generator/directions", (string name, string reader) =>
            find(name) is { } file && Reader(reader) is { } reads ? State(finder.Of(file, reads)) : Results.NotFound());

        group.MapPost("/generator/directions", (string name, string reader) =>
        {
            if (find(name) is not { } file || Reader(reader) is not { } reads) return Results.NotFound();
            finder.Begin(file, reads);
            return State(finder.Of(file, reads));
        });

        ModelFile? Reader(string folder) => models.List().FirstOrDefault(m => m.Kind == ModelKind.Classifier && m.Folder == folder);

        (ModelFile? Reader, IReadOnlyList<LatentDirection> Found) Directions(HttpContext context, ModelFile file) =>
            context.Request.Query["reader"].ToString() is { Length: > 0 } folder && Reader(folder) is { } reader
                ? (reader, finder.Of(file, reader).Directions) : (null, []);

        // Those that were trained on the same data come first.
        IEnumerable<ModelFile> Readers(GeneratorModel generator) =>
            from file in models.List()
            where file.Kind == ModelKind.Classifier
            let summary = store.Summary(file)
            where summary?.Channels == generator.Channels
            orderby summary.DataSet == generator.Metadata.GetValueOrDefault(ModelMetadata.DataSet) descending
            select file;
    }

    private static string? Label(HttpContext context) => context.Request.Query["label"].ToString() is { Length: > 0 } label ? label : null;

    private static object Describe(ModelFile file, GeneratorModel model)
    {
        if (model is { LabelSize: > 0, Labels: null, Vocabulary: null })
            throw new ModelException($"{file.File} takes labels that its metadata do not describe, so that no page can offer them.");
        return new
        {
            file.Address, file.Name, file.Folder, Version = ModelEndpoints.Version(file), model.LatentSize, model.Channels, model.Height,
            model.Width, Pipeline = model.Metadata.GetValueOrDefault(ModelMetadata.Pipeline),
            Labels = model.Labels is { } labels ? JsonNode.Parse(labels.ToJson()) : null,
            LabelExample = model.LabelExamples?.Rows[0],
            Texts = model.Vocabulary is null ? null : model.TextExamples.Take(MostExamples),
        };
    }

    private static IResult State(FoundDirections found) => Results.Json(new
    {
        found.State, found.Problem,
        Directions = found.Directions.Select(direction => new
        {
            direction.Attribute, direction.Value,
            Separation = double.IsFinite(direction.Separation) ? direction.Separation : (double?)null,
        }),
    }, StudioJson.Options);
}
