using GanPipeline.Data;
using GanPipeline.Data.Bricks;

namespace GanPipeline.Pipelines;

internal static partial class PipelineReader
{
    private static DataSection Data(Section s)
    {
        var defaults = new DataOptions();
        var data = new DataSection
        {
            Kind = s.OneOf("kind", "bricks", DataSection.Kinds),
            Path = s.FullPath("path"),
            Size = s.Integer("size", 0, 0, 1024),
            Channels = s.Integer("channels", 0, 0, 3),
            Count = s.Integer("count", 40_000, 1),
            Seed = s.Long("seed", 0, 0),
            Fit = s.OneOf("fit", "crop", DataSection.Fits),
            Crop = s.Integer("crop", 0, 0, 100_000),
            Classes = s.Texts("classes"),
            Attributes = s.FullPath("attributes"),
            Partition = s.FullPath("partition"),
            Missing = s.OneOf("missing", "error", DataSection.MissingRules),
            Limit = s.Integer("limit", 0, 0),
            HoldOut = s.Number("hold-out", 0, 0, 0.9),
            MaxPixels = s.Long("max-pixels", defaults.MaxPixels, 1, 250_000_000),
            Flip = s.Flag("flip", false),
            RandomCrop = s.Integer("random-crop", 0, 0, 512),
            CacheMb = s.Integer("cache-mb", 1024, 0),
            Workers = s.Integer("workers", 0, 0, 256),
            Bricks = Bricks(s.Child("bricks"), defaults.Bricks),
        };
        s.Done();
        if (data.Channels == 2) s.Wrong("channels", "2 is not a number of channels that pictures have: 1 is gray, 3 is colour.");
        if (data.Size == 0 && data.Kind is "folder") s.Wrong("size", "is missing: the side that pictures of a folder are brought to, for example 64.");
        if (data.Size is > 0 and < 4) s.Wrong("size", $"{data.Size} is too small for a picture: at least 4.");
        if (data.Size > 0 && data.RandomCrop >= data.Size) s.Wrong("random-crop", $"{data.RandomCrop} pixels are too many for pictures of {data.Size}: less than the side.");
        OnlyFor(s, data.Kind is "folder" or "cifar10", "a folder or archive of pictures", data.Kind, "attributes", "partition", "missing", "max-pixels");
        OnlyFor(s, data.Kind is not "bricks", "pictures from files", data.Kind, "crop", "hold-out");
        OnlyFor(s, data.Kind is "bricks", "data of kind bricks", data.Kind, "bricks");
        if (data.Kind is not "bricks") return data;
        return data with { Size = data.Size == 0 ? 32 : data.Size, Channels = data.Channels == 0 ? 1 : data.Channels };
    }

    internal static BricksOptions Bricks(Section s, BricksOptions defaults)
    {
        var bricks = new BricksOptions
        {
            Colors = s.Texts("colors"),
            Backgrounds = s.Texts("backgrounds"),
            Background = s.Range("background", defaults.Background),
            Lights = s.Texts("lights"),
            Light = s.Range("light", defaults.Light),
            Yaw = s.Range("yaw", defaults.Yaw),
            Pitch = s.Range("pitch", defaults.Pitch),
            Fill = s.Range("fill", defaults.Fill),
            Shadow = s.Flag("shadow", defaults.Shadow),
        };
        s.Done();
        foreach (var (member, problem) in bricks.Problems()) s.Wrong(member.ToLowerInvariant(), problem + ".");
        foreach (var (one, other) in new[] { ("background", "backgrounds"), ("light", "lights") })
            if (s.Has(one) && s.Has(other)) s.Wrong(one, $"cannot be combined with {other}: one is a range of numbers, the other a list of names. Keep one of them.");
        return bricks;
    }

    private static void OnlyFor(Section s, bool fits, string what, string kind, params string[] keys)
    {
        if (fits) return;
        foreach (var key in keys.Where(s.Has)) s.Wrong(key, $"is for {what}, and this data is of kind {kind}. Leave it out.");
    }
}
