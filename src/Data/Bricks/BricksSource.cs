using System.Globalization;

namespace GanPipeline.Data;

/// <summary>
/// The Bricks data set: pictures of fifty kinds of toy brick, rendered when they are read. Picture i of a seed is the same on every
/// machine, whatever the count. Each picture's attributes are known exactly.
/// </summary>
/// <remarks>
/// The kinds alternate by index, so that any multiple of fifty pictures is balanced. Training and test pictures differ in viewpoint: the
/// range of yaw is cut into slices of at most ten degrees. Training pictures have the first four fifths of each slice, test pictures the
/// rest.
/// </remarks>
internal sealed class BricksSource : IImageSource
{
    private const double SliceDegrees = 10, TrainingShare = 0.8;

    private readonly BricksOptions _options;
    private readonly BrickColor[] _colors;
    private readonly BrickSetting[] _backgrounds, _lights;
    private readonly BrickFields _fields;
    private readonly BrickCaptions? _captions;
    private readonly BrickCombinations _combinations;
    private readonly long _seed;
    private readonly string _split;
    private readonly BrickType[] _types;

    /// <summary>Opens the data set that the options describe.</summary>
    /// <exception cref="DataSetException">An option is out of its range, or names a kind of brick that does not exist.</exception>
    public BricksSource(DataOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (var (_, problem) in options.Problems()) throw new DataSetException($"In the data's options, {problem}.");
        _options = options.Bricks;
        (_seed, _split) = (options.Seed, options.Split);
        var side = options.Size == 0 ? 32 : options.Size;
        Shape = new ImageShape(options.Channels == 0 ? 1 : options.Channels, side, side);

        var classes = new ClassFilter([.. BrickType.All.Select(t => t.Name)], options.Classes, "the Bricks world");
        Classes = classes.Names;
        _types = [.. BrickType.All.Where(t => classes.Label(t.Label) >= 0)];
        Count = options.Count > 0 ? options.Count : options.Split == "test" ? 10_000 : 40_000;
        if (options.Limit > 0) Count = Math.Min(Count, options.Limit);

        _colors = _options.Colors.Count > 0 ? [.. _options.Colors.Select(c => BrickColor.Find(c)!)]
            : Shape.Channels == 1 ? [BrickColor.Find("gray")!]
            : [.. BrickColor.All.Where(c => c.Name != "gray")];
        _backgrounds = [.. _options.Backgrounds.Select(name => BrickSetting.Backgrounds.First(b => b.Name == name))];
        _lights = [.. _options.Lights.Select(name => BrickSetting.Lights.First(l => l.Name == name))];
        _fields = new BrickFields(_options, _types, _colors, _backgrounds, _lights);
        _combinations = new BrickCombinations(_types, _colors, _options.HeldOutCombinations);
        if (options.Captions == DataOptions.Sentences) _captions = new(_backgrounds.Length > 0, _options.Styles.Count > 0);
        Fingerprint = HashOptions();
    }

    /// <inheritdoc/>
    public string Name => "bricks";

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public ImageShape Shape { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public string Fingerprint { get; }

    /// <summary>Always 0.</summary>
    public int Skipped => 0;

    /// <summary>Always empty.</summary>
    public IReadOnlyList<SkippedImage> SkippedImages => [];

    /// <inheritdoc/>
    public int Label(int index)
    {
        CheckIndex(index);
        return index % _types.Length;
    }

    /// <summary>
    /// <c>class</c> (the kind of brick), <c>form</c>, <c>studs-wide</c>, <c>studs-long</c>, <c>color</c>; <c>background</c> and
    /// <c>light</c>, by name where the options give names and else as numbers; <c>yaw</c>, <c>pitch</c> and <c>fill</c>;
    /// <c>style</c>, where the options give styles.
    /// </summary>
    public IReadOnlyList<LabelField> Attributes => _fields.Fields;

    /// <inheritdoc/>
    public void ReadAttributes(int index, Span<float> values) => _fields.Write(Describe(index), values);

    /// <inheritdoc/>
    public bool HasCaptions => _captions is not null;

    /// <inheritdoc/>
    public IReadOnlyList<string> Captions(int index) => _captions?.Of(Describe(index), Draw(HashOf(index), 7)) ?? [];

    /// <summary>By class, color, and background and style where they have names.</summary>
    public int CaptionGroup(int index)
    {
        var brick = Describe(index);
        var group = Array.IndexOf(_types, brick.Type) * _colors.Length + Array.IndexOf(_colors, brick.Color);
        if (brick.Style == BricksOptions.Drawing) return group * (_backgrounds.Length + 2);
        return group * (_backgrounds.Length + 2) + 1 + Array.FindIndex(_backgrounds, b => b.Value == brick.Background) + 1;
    }

    /// <inheritdoc/>
    public bool IsHeldOutCombination(int index)
    {
        var brick = Describe(index);
        return _combinations.IsHeldOut(brick.Type, brick.Color);
    }

    /// <summary>All there is to know about a picture.</summary>
    public BrickAttributes Describe(int index)
    {
        CheckIndex(index);
        var hash = HashOf(index);
        var type = _types[index % _types.Length];
        var colors = _split == "train" ? _combinations.Colors(type) : _colors;
        return new BrickAttributes(
            type,
            colors[Hashing.Below(Draw(hash, 0), colors.Length)],
            Yaw(Hashing.Unit(Draw(hash, 1))),
            _options.Pitch.At(Hashing.Unit(Draw(hash, 2))),
            One(_lights, Draw(hash, 3), _options.Light),
            One(_backgrounds, Draw(hash, 4), _options.Background),
            _options.Fill.At(Hashing.Unit(Draw(hash, 5))),
            _options.Styles.Count == 0 ? BricksOptions.Render : _options.Styles[Hashing.Below(Draw(hash, 6), _options.Styles.Count)]);
    }

    /// <summary>The same brick, on the same ground in the same light, from elsewhere.</summary>
    public BrickAttributes DescribeFromElsewhere(int index)
    {
        var hash = HashOf(index);
        return Describe(index) with
        {
            Yaw = Yaw(Hashing.Unit(Draw(hash, 8))),
            Pitch = _options.Pitch.At(Hashing.Unit(Draw(hash, 9))),
        };
    }

    /// <inheritdoc/>
    public bool TryRead(int index, Span<byte> pixels)
    {
        Render(Describe(index), pixels);
        return true;
    }

    /// <summary>Draws a picture of these options' shape, shadow and style.</summary>
    public void Render(BrickAttributes attributes, Span<byte> pixels)
    {
        if (attributes.Style == BricksOptions.Drawing) new BrickMaps(attributes, Shape.Width).Drawing(attributes.Color, pixels);
        else BrickRenderer.Render(attributes, Shape, _options.Shadow, pixels);
    }

    /// <inheritdoc/>
    public void Dispose() { }

    // Held-out pictures are others in all respects, not training pictures turned by a few degrees.
    private ulong HashOf(int index) => Hashing.Combine(_seed, index, _split == "test" ? 0x48454C44 : 0x425249434B);

    private static ulong Draw(ulong hash, int which) => Hashing.Combine((long)hash, which);

    private static double One(BrickSetting[] named, ulong hash, NumberRange range) =>
        named.Length > 0 ? named[Hashing.Below(hash, named.Length)].Value : range.At(Hashing.Unit(hash));

    private double Yaw(double share)
    {
        if (_split == "all") return _options.Yaw.At(share);
        var slices = Math.Max(1, Math.Ceiling((_options.Yaw.To - _options.Yaw.From) / SliceDegrees));
        var slice = Math.Floor(share * slices);
        var within = share * slices - slice;
        within = _split == "test" ? TrainingShare + within * (1 - TrainingShare) : within * TrainingShare;
        return _options.Yaw.At((slice + within) / slices);
    }

    private string HashOptions()
    {
        using var fingerprint = new FingerprintBuilder();
        fingerprint.Add(_split == "test" ? "bricks 2" : "bricks 1").Add(_seed).Add(_split).Add(Count).Add(Shape.Width).Add(Shape.Channels)
            .Add(_options.Shadow ? 1 : 0);
        foreach (var range in (NumberRange[])[_options.Yaw, _options.Pitch, _options.Light, _options.Background, _options.Fill])
            fingerprint.Add(range.From).Add(range.To);
        foreach (var color in _colors) fingerprint.Add(color.Name);
        foreach (var light in _lights) fingerprint.Add("light").Add(light.Value);
        foreach (var background in _backgrounds) fingerprint.Add("background").Add(background.Value);
        foreach (var style in _options.Styles) fingerprint.Add("style").Add(style);
        if (_options.HeldOutCombinations > 0) fingerprint.Add("held out").Add(_options.HeldOutCombinations);
        if (_captions is not null) fingerprint.Add("sentences 1");
        foreach (var name in Classes) fingerprint.Add(name);
        return fingerprint.Finish();
    }

    private void CheckIndex(int index)
    {
        if ((uint)index >= (uint)Count)
            throw new ArgumentOutOfRangeException(nameof(index), index,
                string.Create(CultureInfo.InvariantCulture, $"There are {Count} pictures."));
    }
}
