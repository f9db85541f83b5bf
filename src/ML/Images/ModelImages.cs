using GanPipeline.Inference;

namespace GanPipeline.ML;

/// <summary>The images that a model takes, for what makes images for it.</summary>
internal static class ModelImages
{
    /// <summary>Their side and channels.</summary>
    /// <param name="file">The model.</param>
    /// <param name="size">The side that is asked for; null asks for the model's.</param>
    /// <param name="channels">The channels that are asked for; null asks for the model's.</param>
    /// <exception cref="ModelException">The file is no model of images.</exception>
    /// <exception cref="ArgumentException">Its images are not square, or others are asked for.</exception>
    public static (int Size, int Channels) Of(string file, int? size, int? channels)
    {
        var (depth, height, width) = Shape(file, size);
        if (height != width) throw new ArgumentException($"'{file}' takes images of {width} x {height}; only square ones are made.");
        if ((size ?? height, channels ?? depth) != (height, depth))
        {
            throw new ArgumentException($"'{file}' takes images of {width} x {height} with {depth} channels; " +
                $"{size ?? height} pixels and {channels ?? depth} channels are asked for.");
        }
        return (height, depth);
    }

    private static (int Channels, int Height, int Width) Shape(string file, int? size)
    {
        try
        {
            using var translator = TranslatorModel.Load(file);
            if (size is { } side && translator.HasFreeSize && translator.Takes(side, side)) return (translator.Channels, side, side);
            return translator.Height > 0 && translator.Width > 0 ? (translator.Channels, translator.Height, translator.Width)
                : throw new ArgumentException($"'{file}' takes images of any size, and names none: say which.");
        }
        catch (ModelException)
        {
            // Of another kind, or none, which the error below says.
            using var model = FeatureModel.OfAnyOutput(file);
            return (model.Channels, model.Height, model.Width);
        }
    }
}
