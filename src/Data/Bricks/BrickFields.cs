using System.Globalization;

namespace GanPipeline.Data;

/// <summary>A picture's attributes as the label fields of a data set. Only values that some picture can have are listed.</summary>
internal sealed class BrickFields
{
    private readonly List<(LabelField Field, Func<BrickAttributes, double> Value)> _fields = [];

    public BrickFields(BricksOptions options, BrickType[] types, BrickColor[] colors, BrickSetting[] backgrounds, BrickSetting[] lights)
    {
        Named(LabelField.Class, types, t => t.Name, a => a.Type);
        Named("form", types.Select(t => t.Form).Distinct().Order(), f => f.ToString().ToLowerInvariant(), a => a.Type.Form);
        Named("studs-wide", types.Select(t => t.StudsWide).Distinct().Order(), Whole, a => a.Type.StudsWide);
        Named("studs-long", types.Select(t => t.StudsLong).Distinct().Order(), Whole, a => a.Type.StudsLong);
        Named("color", colors, c => c.Name, a => a.Color);
        NamedOrNumber("background", backgrounds, options.Background, a => a.Background);
        NamedOrNumber("light", lights, options.Light, a => a.Light, survivesMirroring: false);
        Number("yaw", options.Yaw, a => a.Yaw, survivesMirroring: false);
        Number("pitch", options.Pitch, a => a.Pitch);
        Number("fill", options.Fill, a => a.Fill);
        if (options.Styles.Count > 0) Named("style", options.Styles, s => s, a => a.Style);
        Fields = [.. _fields.Select(f => f.Field with { SurvivesRecoloring = f.Field.Name is not ("color" or "background" or "light") })];
    }

    public IReadOnlyList<LabelField> Fields { get; }

    public void Write(BrickAttributes attributes, Span<float> values)
    {
        for (var i = 0; i < _fields.Count; i++) values[i] = (float)_fields[i].Value(attributes);
    }

    private void Named<T>(
        string name, IEnumerable<T> values, Func<T, string> nameOf, Func<BrickAttributes, T> value, bool survivesMirroring = true)
        where T : notnull
    {
        var places = values.Select((v, place) => (v, place)).ToDictionary(v => v.v, v => v.place);
        var field = LabelField.Categorical(name, [.. places.Keys.Select(nameOf)]) with { SurvivesMirroring = survivesMirroring };
        _fields.Add((field, a => places[value(a)]));
    }

    private void NamedOrNumber(
        string name, BrickSetting[] named, NumberRange range, Func<BrickAttributes, double> value, bool survivesMirroring = true)
    {
        if (named.Length == 0) Number(name, range, value, survivesMirroring);
        else Named(name, named.Select(n => n.Value), v => named.First(n => n.Value == v).Name, value, survivesMirroring);
    }

    private void Number(string name, NumberRange range, Func<BrickAttributes, double> value, bool survivesMirroring = true) =>
        _fields.Add((LabelField.Numeric(name, range.From, range.To) with { SurvivesMirroring = survivesMirroring }, value));

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);
}
