using System.Globalization;

namespace GanPipeline.Data;

/// <summary>
/// Stacked MNIST (Metz et al. 2017, Unrolled Generative Adversarial Networks): three digits of MNIST, drawn independently, are the three
/// channels of a picture, so that there are 1000 modes by construction. Picture i of a seed is the same on every machine, whatever the
/// count. The training part is made of MNIST's training digits, the test part of its test digits.
/// </summary>
internal sealed class StackedMnistSource : IImageSource
{
    /// <summary>The numbers of pictures of Lin et al. 2018 (PacGAN): to train on, and to measure modes with.</summary>
    private const int TrainCount = 128_000, TestCount = 26_000;

    private const int Channels = 3, Digits = 10;

    // Digits are kept as they are after resizing, up to this much memory: all of MNIST up to 60 x 60 pixels.
    private const long MostCachedBytes = 1L << 28;

    private static readonly string[] _digitNames =
        [.. Enumerable.Range(0, Digits).Select(digit => digit.ToString(CultureInfo.InvariantCulture))];

    private readonly IImageSource _stored, _digits;
    private readonly int[] _labels;
    private readonly long _seed, _part;

    private StackedMnistSource(IImageSource digits, DataOptions options)
    {
        _stored = digits;
        _digits = options.Size > 0 && (long)digits.Count * digits.Shape.Size <= MostCachedBytes ? new PixelCache(digits) : digits;
        _labels = [.. Enumerable.Range(0, digits.Count).Select(digits.Label)];
        (_seed, _part) = (options.Seed, options.Split switch { "train" => 0, "test" => 1, _ => 2 });
        Count = options.Count > 0 ? options.Count : options.Split == "test" ? TestCount : TrainCount;
        Shape = digits.Shape with { Channels = Channels };
        using var fingerprint = new FingerprintBuilder();
        Fingerprint = fingerprint.Add("stacked-mnist 1").Add(digits.Fingerprint).Add(_seed).Add(_part).Add(Count).Finish();
    }

    public string Name => $"stacked {_stored.Name}";
    public int Count { get; }
    public ImageShape Shape { get; }
    public string Fingerprint { get; }
    public IReadOnlyList<string> Notes => _stored.Notes;
    public int Skipped => 0;
    public IReadOnlyList<SkippedImage> SkippedImages => [];

    /// <summary>"000" to "999": the digits of the red, the green and the blue channel.</summary>
    public IReadOnlyList<string> Classes => Attributes[0].Values;

    /// <summary><c>class</c>, 100 red + 10 green + blue, and the digit of each channel.</summary>
    public IReadOnlyList<LabelField> Attributes { get; } =
    [
        // A mirrored 3 is none.
        LabelField.Categorical(LabelField.Class, [.. Enumerable.Range(0, Digits * Digits * Digits).Select(
            label => label.ToString("000", CultureInfo.InvariantCulture))]) with { SurvivesMirroring = false },
        .. ((string[])["red", "green", "blue"]).Select(name =>
            LabelField.Categorical(name, _digitNames) with { SurvivesMirroring = false }),
    ];

    /// <summary>
    /// The probability of each class of a picture: the product of the digits' shares among MNIST's, from which they are drawn.
    /// </summary>
    public double[] ClassShares
    {
        get
        {
            var counts = new int[Digits];
            foreach (var label in _labels) counts[label]++;
            double[] digits = [.. counts.Select(count => (double)count / _labels.Length)];
            return [.. from red in digits from green in digits from blue in digits select red * green * blue];
        }
    }

    /// <summary>Reads MNIST's files of the split.</summary>
    /// <exception cref="DataSetException">A file is missing or damaged, or the labels are not those of ten digits.</exception>
    public static StackedMnistSource Open(DataOptions options, CancellationToken cancellationToken)
    {
        var pictures = IdxPictures.Open(options, cancellationToken);
        if (pictures.IsOneFile)
            throw new DataSetException($"{options.Path} is one file of pictures, but stacked-mnist needs those to train and to test " +
                "with, and their labels: give the folder or archive that holds MNIST's four files.");
        var digits = new RawSource(pictures, options with { Channels = 1 });
        if (digits.Classes.Count == 0)
            throw new DataSetException($"The digits in {options.Path} have no labels, but stacked-mnist needs them: put MNIST's " +
                "train-labels-idx1-ubyte and t10k-labels-idx1-ubyte beside the pictures.");
        if (!digits.Classes.SequenceEqual(_digitNames))
            throw new DataSetException($"The pictures in {options.Path} have {digits.Classes.Count} classes, {digits.Classes[0]} to " +
                $"{digits.Classes[^1]}, but stacked-mnist needs the ten digits, 0 to 9.");
        return new(digits, options);
    }

    public int Label(int index)
    {
        var label = 0;
        for (var channel = 0; channel < Channels; channel++) label = Digits * label + _labels[Digit(index, channel)];
        return label;
    }

    public void ReadAttributes(int index, Span<float> values)
    {
        values[0] = Label(index);
        for (var channel = 0; channel < Channels; channel++) values[1 + channel] = _labels[Digit(index, channel)];
    }

    public bool TryRead(int index, Span<byte> pixels)
    {
        var area = _digits.Shape.Size;
        for (var channel = 0; channel < Channels; channel++)
            _digits.TryRead(Digit(index, channel), pixels.Slice(channel * area, area));
        return true;
    }

    public void Dispose() => _stored.Dispose();

    /// <summary>Which of MNIST's digits a channel is.</summary>
    private int Digit(int index, int channel)
    {
        if ((uint)index >= (uint)Count)
            throw new ArgumentOutOfRangeException(nameof(index), index,
                string.Create(CultureInfo.InvariantCulture, $"There are {Count} pictures."));
        return Hashing.Below(Hashing.Combine((long)Hashing.Combine(_seed, index, _part), channel), _labels.Length);
    }
}
