using System.Collections.Concurrent;
using System.Globalization;
using Onnx;

namespace GanPipeline.Inference;

/// <summary>A model's images of one size.</summary>
/// <param name="Image">What it takes.</param>
/// <param name="Translation">What it makes.</param>
/// <param name="BatchSize">The most images that enter it at once.</param>
/// <param name="Bytes">What it needs between its layers for one, where that is known.</param>
internal sealed record SizedImages(TensorForm Image, TensorForm Translation, int BatchSize, long Bytes = 0);

/// <summary>The sizes of the images of a model whose height and width are free.</summary>
internal sealed class FreeImages
{
    private readonly OnnxModel _model;
    private readonly ModelProto _shapes;
    private readonly TensorForm _image, _translation;
    private readonly ConcurrentDictionary<(int Height, int Width), SizedImages> _sizes = [];

    /// <param name="model">Before it is settled.</param>
    /// <param name="image">What it takes.</param>
    /// <param name="translation">What it makes.</param>
    /// <exception cref="ModelException">Its metadata say of its sides what cannot be.</exception>
    public FreeImages(OnnxModel model, TensorForm image, TensorForm translation)
    {
        (_model, _image, _translation) = (model, image, translation);
        _shapes = WithoutWeights(model.Content.Model);
        if (Numbers(ModelMetadata.SideMultiple, 1) is [var multiple]) (Multiple, IsStated) = (multiple, true);
        if (Numbers(ModelMetadata.LeastSide, 1) is [var least]) Least = least;
        var (height, width) = Numbers(ModelMetadata.TrainedSize, 2) is [var h, var w] ? (h, w) : (0, 0);
        Trained = (image[1] > 0 ? image[1] : height, image[2] > 0 ? image[2] : width);
    }

    /// <summary>What sides are multiples of; 1 where the model does not say.</summary>
    public int Multiple { get; } = 1;

    /// <summary>The least side; 1 where the model does not say.</summary>
    public int Least { get; } = 1;

    /// <summary>The size of the training's images; 0 where the model does not say.</summary>
    public (int Height, int Width) Trained { get; }

    /// <summary>Whether the model says which sides it takes.</summary>
    public bool IsStated { get; }

    public bool Takes(int height, int width) => IsTaken(height, _image[1]) && IsTaken(width, _image[2]);

    /// <summary>The least sides that it takes and that are no less than these, but where a side is fixed.</summary>
    public (int Height, int Width) Above(int height, int width) => (Next(height, _image[1]), Next(width, _image[2]));

    /// <summary>The sizes that it takes, in words.</summary>
    public string Describe()
    {
        string Side(int axis) => _image[axis] > 0 ? $"{_image[axis]}" : axis == 1 ? "H" : "W";
        var sides = _image[1] > 0 ? "W" : _image[2] > 0 ? "H" : "H and W";
        return $"[{_image[0]}, {Side(1)}, {Side(2)}], {sides} of at least {Least}" + (Multiple > 1 ? $", multiples of {Multiple}" : "");
    }

    /// <summary>Images of a size that it takes.</summary>
    /// <exception cref="ArgumentException">Its layers do not take it, or need more memory than is allowed.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public SizedImages At(int height, int width)
    {
        var sized = Find(height, width);
        if (sized.Bytes <= _model.MemoryLimit) return sized;
        throw new ArgumentException(FormattableString.Invariant(
            $"Between its layers '{_model.Path}' needs {sized.Bytes / 1e9:F1} GB for an image of {height} x {width}; ") +
            FormattableString.Invariant($"{_model.MemoryLimit / 1e9:F1} GB are allowed. Translate it in tiles ") +
            $"({nameof(TranslateOptions)}.{nameof(TranslateOptions.TileSide)}), or allow more " +
            $"({nameof(ModelOptions)}.{nameof(ModelOptions.MemoryLimit)}).");
    }

    /// <summary>The same whatever the memory.</summary>
    /// <exception cref="ArgumentException">Its layers do not take it.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public SizedImages Find(int height, int width)
    {
        if (_sizes.TryGetValue((height, width), out var known)) return known;
        var image = _image.At(height, width);
        var (peak, shape) = Look(image);
        if (peak <= _model.MemoryLimit) shape ??= Run(image);
        if (shape is not [_, var channels, > 0 and <= int.MaxValue, > 0 and <= int.MaxValue] || channels != _translation[0])
            throw new ArgumentException($"Of an image of {height} x {width} '{_model.Path}' makes [{string.Join(", ", shape ?? [])}].");
        var batch = (int)Math.Clamp(_model.MemoryLimit / Math.Max(1, peak), 1, _model.BatchSize);
        var sized = new SizedImages(image, _translation.At((int)shape[2], (int)shape[3]), batch, peak);
        return _sizes.GetOrAdd((height, width), sized);
    }

    private (long Peak, long[]? Output) Look(TensorForm image)
    {
        try
        {
            return GraphSizes.At(_shapes, image.Name, image.Shape(Math.Max(1, image.Batch)), _translation.Name);
        }
        catch (GraphProblemException e)
        {
            throw new ArgumentException($"'{_model.Path}' takes no image of {image[1]} x {image[2]}: {e.Message}", e);
        }
    }

    private long[] Run(TensorForm image)
    {
        try
        {
            return _model.OutputShape(image, _translation.Name);
        }
        catch (ModelException e) when (!IsStated)
        {
            throw Unstated(image[1], image[2], e);
        }
    }

    /// <summary>The error of a model that failed, where it does not say which sides it takes.</summary>
    public ModelException Unstated(int height, int width, ModelException e) => IsStated ? e
        : new ModelException($"{e.Message} Its metadata do not say which sides it takes; these were {height} x {width}. Networks that " +
            "halve the size k times take multiples of 2 to the k.", e);

    /// <summary>Images of the training's size; null where the model does not say it.</summary>
    /// <exception cref="ModelException">It does not take them.</exception>
    public SizedImages? OfTraining()
    {
        if (Trained.Height == 0 || Trained.Width == 0) return null;
        try
        {
            return Takes(Trained.Height, Trained.Width) ? Find(Trained.Height, Trained.Width)
                : throw new ModelException($"'{_model.Path}' was trained on {Trained.Height} x {Trained.Width}, but takes {Describe()}.");
        }
        catch (ArgumentException e)
        {
            throw new ModelException(e.Message, e);
        }
    }

    private bool IsTaken(int side, int own) => own > 0 ? side == own : side >= Least && side % Multiple == 0;

    private int Next(int side, int own) => own > 0 ? own : checked((Math.Max(side, Least) + Multiple - 1) / Multiple * Multiple);

    private int[] Numbers(string key, int count)
    {
        if (!_model.Metadata.TryGetValue(key, out var text)) return [];
        int[] numbers = [.. text.Split(',').Select(part =>
            int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)];
        return numbers.Length == count && numbers.All(number => number > 0) ? numbers
            : throw new ModelException($"'{_model.Path}' has the metadata {key} '{text}'; needed are {count} positive whole numbers.");
    }

    /// <summary>What shapes follow from: everything but the content of weights.</summary>
    private static ModelProto WithoutWeights(ModelProto model)
    {
        var graph = new GraphProto { Node = { model.Graph.Node }, Input = { model.Graph.Input }, Output = { model.Graph.Output } };
        graph.Initializer.AddRange(model.Graph.Initializer.Select(tensor => TensorValues.IsShort(tensor) ? tensor
            : new TensorProto { Name = tensor.Name, DataType = tensor.DataType, Dims = { tensor.Dims } }));
        return new ModelProto { Graph = graph, OpsetImport = { model.OpsetImport } };
    }
}
