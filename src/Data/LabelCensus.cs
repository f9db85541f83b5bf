namespace GanPipeline.Data;

/// <summary>Checks that the attributes chosen as labels have a value for every picture, and differ between pictures.</summary>
internal static class LabelCensus
{
    private const int Shown = 5;

    /// <exception cref="DataSetException">
    /// An attribute is the same everywhere, one of its values never occurs, or a picture has none.
    /// </exception>
    public static void Require(IImageSource source, int[] places, CancellationToken cancellationToken)
    {
        var fields = source.Attributes;
        var counts = places.Select(p => new int[fields[p].Choices]).ToArray();
        var (least, most) = (new float[places.Length], new float[places.Length]);
        var values = new float[fields.Count];
        for (var index = 0; index < source.Count; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            source.ReadAttributes(index, values);
            for (var i = 0; i < places.Length; i++)
            {
                var value = values[places[i]];
                if (!(value >= 0) && counts[i].Length > 0) throw WithoutValue(source, places[i]);
                if (counts[i].Length > 0) counts[i][(int)value]++;
                (least[i], most[i]) = index == 0 ? (value, value) : (Math.Min(least[i], value), Math.Max(most[i], value));
            }
        }
        for (var i = 0; i < places.Length; i++) RequireVariety(source, fields[places[i]], counts[i], least[i] < most[i], most[i]);
    }

    private static void RequireVariety(IImageSource source, LabelField field, int[] counts, bool varies, float value)
    {
        if (!varies)
        {
            var same = field.Kind switch
            {
                LabelKind.Categorical => $"'{field.Values[(int)value]}'",
                LabelKind.Binary => value > 0 ? "present" : "absent",
                _ => FormattableString.Invariant($"{value:0.###}"),
            };
            throw new DataSetException($"The attribute '{field.Name}' is {same} in every one of the {source.Count} pictures of " +
                $"{source.Name}, so it distinguishes nothing. Leave it out of the labels, or use pictures in which it differs.");
        }
        var absent = field.Values.Where((_, i) => counts[i] == 0).ToList();
        if (absent.Count > 0)
        {
            throw new DataSetException($"No picture of {source.Name} has the {field.Name} {Names(absent)}, so it cannot be learned. " +
                $"Use pictures of each {field.Name}, or list the others in data.classes.");
        }
    }

    private static DataSetException WithoutValue(IImageSource source, int place)
    {
        var values = new float[source.Attributes.Count];
        var without = 0;
        for (var index = 0; index < source.Count; index++)
        {
            source.ReadAttributes(index, values);
            if (!(values[place] >= 0)) without++;
        }
        var name = source.Attributes[place].Name;
        return new DataSetException($"{without} of the {source.Count} pictures of {source.Name} have no {name}, but labels need one for " +
            "every picture." +
            (name == LabelField.Class ? " Put every picture into a folder of its class, or name the classes in data.classes." : ""));
    }

    private static string Names(List<string> names) =>
        string.Join(", ", names.Take(Shown).Select(n => $"'{n}'")) + (names.Count > Shown ? $" and {names.Count - Shown} more" : "");
}
