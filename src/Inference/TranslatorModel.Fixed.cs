using Google.Protobuf;
using Onnx;

namespace GanPipeline.Inference;

// Models of free size in a form of one size.
public sealed partial class TranslatorModel
{
    /// <summary>
    /// The ONNX file's content of a model of free size, with this project's names and forms, for images of one size; null where the model
    /// has one size, and no other is asked for.
    /// </summary>
    /// <param name="path">The file, or what errors call it.</param>
    /// <param name="content">The file's content; empty reads the file.</param>
    /// <param name="height">H; null is the training's.</param>
    /// <param name="width">W; null is the training's.</param>
    /// <param name="options">How the model is opened.</param>
    /// <exception cref="ModelException">As <see cref="Load(string, ModelOptions?)"/>.</exception>
    /// <exception cref="ArgumentException">The model does not take that size, or none is named.</exception>
    internal static byte[]? AtSize(string path, ReadOnlyMemory<byte> content, int? height, int? width, ModelOptions options)
    {
        options = options with { KeepsBytes = true };
        using var free = content.IsEmpty ? Load(path, options) : Load(content.ToArray(), options);
        var (h, w) = (height ?? free.Height, width ?? free.Width);
        if (h <= 0 || w <= 0)
            throw new ArgumentException($"'{path}' takes images of any size, and names none: say which height and width.");
        free.RequireSize(h, w);
        if (free._free is null) return null;
        var sized = free.Sized(h, w);
        var model = ModelProto.Parser.ParseFrom(free.Bytes);
        Set(model.Graph.Input.Single(input => input.Name == sized.Image.Name), sized.Image);
        Set(model.Graph.Output.Single(output => output.Name == sized.Translation.Name), sized.Translation);
        // They were written for any size, and are inferred for this one.
        model.Graph.ValueInfo.Clear();
        return model.ToByteArray();

        static void Set(ValueInfoProto tensor, TensorForm form)
        {
            var dimensions = tensor.Type.TensorType.Shape.Dim;
            (dimensions[2].DimValue, dimensions[3].DimValue) = (form[1], form[2]);
        }
    }
}
