using GanPipeline;
using GanPipeline.Data;

/// <summary>Digits that have their thickness and their slant as further attributes, and sentences that say both.</summary>
/// <param name="digits">MNIST's, with labels.</param>
/// <param name="measures">How each is written.</param>
/// <param name="thickness">Where thin ends and where thick begins.</param>
/// <param name="slant">Where leaning to the left ends and where leaning to the right begins.</param>
internal sealed class CaptionedDigits(
    IImageSource digits, DigitMeasures[] measures, (double Low, double High) thickness, (double Low, double High) slant) : IImageSource
{
    private static readonly string[] _names = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    private static readonly string[] _thicknesses = ["thin", "medium", "thick"], _slants = ["left", "upright", "right"];

    private readonly (int Thickness, int Slant)[] _values = [.. measures.Select(
        digit => (Third(digit.Thickness, thickness), Third(digit.Slant, slant)))];

    public string Name => digits.Name;
    public int Count => digits.Count;
    public ImageShape Shape => digits.Shape;
    public IReadOnlyList<string> Classes => digits.Classes;
    public string Fingerprint => digits.Fingerprint;
    public int Skipped => digits.Skipped;
    public IReadOnlyList<SkippedImage> SkippedImages => digits.SkippedImages;
    public bool HasCaptions => true;

    public IReadOnlyList<LabelField> Attributes { get; } =
    [
        LabelField.Categorical(LabelField.Class, digits.Classes),
        LabelField.Categorical("thickness", _thicknesses),
        LabelField.Categorical("slant", _slants),
    ];

    public int Label(int index) => digits.Label(index);

    public bool TryRead(int index, Span<byte> pixels) => digits.TryRead(index, pixels);

    public void ReadAttributes(int index, Span<float> values)
    {
        values[0] = digits.Label(index);
        (values[1], values[2]) = _values[index];
    }

    /// <summary>Four wordings.</summary>
    public IReadOnlyList<string> Captions(int index)
    {
        var digit = digits.Label(index);
        var thick = _thicknesses[_values[index].Thickness];
        var (stands, leaning) = _values[index].Slant switch
        {
            0 => ("leans to the left", "leaning left"),
            1 => ("stands upright", "upright"),
            _ => ("leans to the right", "leaning right"),
        };
        return
        [
            $"a {thick} {_names[digit]} that {stands}",
            $"the digit {digit}, {thick}, {leaning}",
            $"a {_names[digit]} of {thick} strokes, {leaning}",
            $"this {digit} is {thick} and {stands}",
        ];
    }

    public void Dispose() => digits.Dispose();

    private static int Third(double value, (double Low, double High) bounds) => value < bounds.Low ? 0 : value < bounds.High ? 1 : 2;
}
