using System.Globalization;
using GanPipeline.Inference;

namespace GanPipeline.Studio;

/// <summary>A pose generator's page, on which a picture is turned or moved, and what its script asks for.</summary>
internal static class PoseEndpoints
{
    /// <summary>Adds it to a group of addresses that name a model.</summary>
    public static void MapPoseGenerator(this RouteGroupBuilder group, Func<string, ModelFile?> find, ModelStore store)
    {
        group.MapGet("/pose-generator", (HttpContext context, string name) => find(name) is not { } file ? Results.NotFound()
            : store.WithPoseGenerator(file, model => Pages.Page(context, "pose", ("model", Describe(file, model)))));

        group.MapPost("/pose-generator/picture.png", async (HttpContext context, string name) =>
        {
            if (find(name) is not { } file) return Results.NotFound();
            var (width, height, channels) = store.WithPoseGenerator(file, model => (model.Width, model.Height, model.Channels));
            var image = await RawPicture.ReadAsync(context.Request.Body, width, height, channels, context.RequestAborted);
            var png = store.WithPoseGenerator(file, model => Pictures.EncodePng(Generate(context, model, image), 0));
            return ModelEndpoints.Png(context, png);
        }).WithMetadata(new RequestSize(RawPicture.MostBytes));

        group.MapGet("/pose-generator/input.png", (HttpContext context, string name, int index) =>
        {
            using var examples = BrickExamples.Of(find(name)?.Run);
            return examples is null ? Results.NotFound() : ModelEndpoints.Png(context, Pictures.EncodePng(examples.Input(index), 0));
        });

        group.MapGet("/pose-generator/view", (string name, int index) =>
        {
            using var examples = BrickExamples.Of(find(name)?.Run);
            return examples is null ? Results.NotFound() : Results.Json(examples.View(index), StudioJson.Options);
        });

        group.MapGet("/pose-generator/truth.png", (HttpContext context, string name, int index) =>
        {
            using var examples = BrickExamples.Of(find(name)?.Run);
            return examples is null ? Results.NotFound()
                : ModelEndpoints.Png(context, Pictures.EncodePng(examples.Seen(index, View(context)), 0));
        });
    }

    private static ImageTensor Generate(HttpContext context, PoseGeneratorModel model, ImageTensor image) =>
        model.Pose.Kind == PoseKind.View ? model.Generate(image, [View(context)], context.RequestAborted)
            : model.Generate(image, [Points(context, model.Pose)], context.RequestAborted);

    private static ViewPose View(HttpContext context) => new(Number(context, "yaw"), Number(context, "pitch"));

    /// <summary>The places of keypoints: <c>points=10,20;;30,40</c>, an empty one where a point is missing.</summary>
    private static (double X, double Y)?[] Points(HttpContext context, PoseLayout pose)
    {
        var places = context.Request.Query["points"].ToString().Split(';');
        if (places.Length != pose.Keypoints.Count)
            throw new ArgumentException($"points has {pose.Keypoints.Count} places, between semicolons; got {places.Length}.");
        return [.. places.Select(Place)];

        static (double X, double Y)? Place(string text)
        {
            if (text.Length == 0) return null;
            var parts = text.Split(',');
            return parts.Length == 2 ? (Number(parts[0], "points"), Number(parts[1], "points"))
                : throw new ArgumentException($"A place is two numbers, such as 10,20; got '{text}'.");
        }
    }

    private static double Number(HttpContext context, string name) => Number(context.Request.Query[name].ToString(), name);

    private static double Number(string text, string name) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && Math.Abs(value) <= 1e4 ? value
            : throw new ArgumentException($"{name} is a number; got '{text}'.");

    private static object Describe(ModelFile file, PoseGeneratorModel model)
    {
        using var examples = BrickExamples.Of(file.Run);
        return new
        {
            Address = $"{file.Address}/pose-generator", file.Name, file.Folder, file.File, Version = ModelEndpoints.Version(file),
            model.Width, model.Height, model.Channels, Pipeline = model.Metadata.GetValueOrDefault(ModelMetadata.Pipeline),
            Examples = examples?.Count ?? 0, model.Pose.Keypoints,
        };
    }
}
