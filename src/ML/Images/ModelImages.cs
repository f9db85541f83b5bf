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
        using var model = FeatureModel.OfAnyOutput(file);
        if (model.Height != model.Width)
            throw new ArgumentException($"'{file}' takes images of {model.Width} x {model.Height}; only square ones are made.");
        if ((size ?? model.Height, channels ?? model.Channels) != (model.Height, model.Channels))
        {
            throw new ArgumentException($"'{file}' takes images of {model.Width} x {model.Height} with {model.Channels} channels; " +
                $"{size ?? model.Height} pixels and {channels ?? model.Channels} channels are asked for.");
        }
        return (model.Height, model.Channels);
    }
}
