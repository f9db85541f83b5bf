using GanPipeline.Inference;
using Onnx;

namespace GanPipeline.Cli;

/// <summary>What a model that has smaller forms is, by its inputs and outputs.</summary>
internal static class ReducibleModel
{
    public const string Generator = "generator", TextGenerator = "text generator", Translator = "translator";
    public const string PoseGenerator = "pose generator", ImageModel = "network of images";

    public static string KindOf(GraphProto graph)
    {
        var weights = graph.Initializer.Select(tensor => tensor.Name).ToHashSet();
        ValueInfoProto[] inputs = [.. graph.Input.Where(input => !weights.Contains(input.Name) && input.Name != TranslatorForm.Noise)];
        if (inputs.Select(input => input.Name).Order().SequenceEqual([TranslatorForm.Image, "pose"])) return PoseGenerator;
        if (inputs.Length == 2 && inputs.Any(input => input.Name == GeneratorForm.Text)) return TextGenerator;
        if (inputs is not [var input] || !IsImage(input, TranslatorForm.Image)) return Generator;
        var output = graph.Output.FirstOrDefault(output => output.Name == TranslatorForm.Translation) ?? graph.Output[0];
        var isSole = graph.Output.Count == 1 || output.Name == TranslatorForm.Translation;
        return isSole && IsImage(output, TranslatorForm.Translation) ? Translator : ImageModel;
    }

    /// <summary>A latent may have sides, too, of one pixel.</summary>
    private static bool IsImage(ValueInfoProto value, string name) => value.Type?.TensorType?.Shape?.Dim is { Count: 4 } sides
        && (value.Name == name || sides[2].DimValue != 1 || sides[3].DimValue != 1);
}
