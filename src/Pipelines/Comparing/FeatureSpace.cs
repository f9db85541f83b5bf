using GanPipeline.Evaluation;
using GanPipeline.Inference;

namespace GanPipeline.Pipelines;

/// <summary>Opens the features that a command names.</summary>
internal static class FeatureSpace
{
    /// <summary>Opens a file of features.</summary>
    /// <param name="file">An ONNX file.</param>
    /// <param name="option">The option that declares the range, for messages.</param>
    /// <param name="options">Threads, device, and the range where it was declared.</param>
    /// <exception cref="RequestException">
    /// The file is no model of features; or the range of its pictures is not known, or another than was declared: a wrong one would give
    /// figures without any complaint.
    /// </exception>
    public static Evaluator Open(string file, string option, ModelOptions options)
    {
        try
        {
            var facts = ImageFacts.Read(file);
            var implied = facts.Computed ?? (facts.IsBytes ? PixelRange.ZeroTo255 : null);
            if (options.PixelRange is null && facts.Stated is null)
                throw new RequestException($"{file} does not say which values black and white have in its pictures: {option} 0..1 (as of " +
                    $"pytorch-fid), -1..1 or 0..255 (as of torch-fidelity) does." +
                    (implied is { } likely ? $" What it computes first fits {Shown(likely)}." : ""));
            var range = options.PixelRange ?? facts.Stated;
            if (implied is { } computed && range != computed)
                throw new RequestException($"{file} begins by bringing pictures of {Shown(computed)} to -1..1, so that its pictures are " +
                    $"not in {Shown(range!.Value)}. {option} {Shown(computed)} is right.");
            return Evaluator.Load(file, options);
        }
        catch (ModelException e)
        {
            throw new RequestException(e.Message, e);
        }
    }

    private static string Shown(PixelRange range) => range switch
    {
        PixelRange.ZeroToOne => "0..1",
        PixelRange.ZeroTo255 => "0..255",
        PixelRange.SixteenTo235 => "16..235",
        _ => "-1..1",
    };
}
