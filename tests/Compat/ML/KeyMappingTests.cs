using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace GanPipeline.Compat.Tests.ML;

public class KeyMappingTests
{
    private sealed class Value
    {
        public string Text = "";

        public float Number;

        public long Count;

        public bool Flag;

        [VectorType(2)]
        public float[] Pair = [0, 0];
    }

    private readonly MLContext context = new(seed: 1);

    private IDataView Texts(params string[] texts) => context.Data.LoadFromEnumerable(texts.Select(text => new Value { Text = text }));

    [Theory]
    [InlineData(ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence, new uint[] { 1, 2, 1, 0, 3 })]
    [InlineData(ValueToKeyMappingEstimator.KeyOrdinality.ByValue, new uint[] { 2, 1, 2, 0, 3 })]
    public void Keys_count_from_1_in_the_order_asked_for_and_empty_text_is_missing(ValueToKeyMappingEstimator.KeyOrdinality order,
        uint[] keys)
    {
        var view = Texts("b", "a", "b", "", "c");
        var mapped = context.Transforms.Conversion.MapValueToKey("Key", "Text", keyOrdinality: order).Fit(view).Transform(view);
        Assert.Equal(new KeyDataViewType(typeof(uint), 3), mapped.Schema["Key"].Type);
        Assert.Equal(keys, mapped.GetColumn<uint>("Key"));
        VBuffer<ReadOnlyMemory<char>> values = default;
        mapped.Schema["Key"].GetKeyValues(ref values);
        string[] expected = order == ValueToKeyMappingEstimator.KeyOrdinality.ByValue ? ["a", "b", "c"] : ["b", "a", "c"];
        Assert.Equal(expected, values.DenseValues().Select(v => v.ToString()));
    }

    [Fact]
    public void Values_that_were_not_learned_are_missing()
    {
        var mapping = context.Transforms.Conversion.MapValueToKey("Key", "Text", maximumNumberOfKeys: 2).Fit(Texts("x", "y", "z"));
        Assert.Equal([0u, 0, 1, 2], mapping.Transform(Texts("new", "z", "x", "y")).GetColumn<uint>("Key"));
    }

    [Fact]
    public void Values_may_be_given_by_other_data()
    {
        var names = context.Transforms.SelectColumns("Text").Fit(Texts()).Transform(Texts("z", "y"));
        var view = Texts("x", "y", "z");
        var mapped = context.Transforms.Conversion.MapValueToKey("Key", "Text", keyData: names).Fit(view).Transform(view);
        Assert.Equal([0u, 2, 1], mapped.GetColumn<uint>("Key"));
        Assert.Throws<ArgumentException>(() => context.Transforms.Conversion.MapValueToKey("Key", "Text", keyData: view));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.Transforms.Conversion.MapValueToKey("Key", "Number", keyData: names)
            .Fit(view));
    }

    [Fact]
    public void Numbers_and_Booleans_come_back_as_they_were_and_survive_saving()
    {
        var view = context.Data.LoadFromEnumerable(new Value[]
        {
            new() { Number = 0.1f, Count = long.MaxValue, Flag = true }, new() { Number = float.NaN, Count = -1 },
            new() { Number = -1e-20f },
        });
        InputOutputColumnPair[] there = [new("N", "Number"), new("C", "Count"), new("F", "Flag")];
        InputOutputColumnPair[] back = [new("N"), new("C"), new("F")];
        var model = context.Transforms.Conversion.MapValueToKey(there).Append(context.Transforms.Conversion.MapKeyToValue(back)).Fit(view);
        using var file = new MemoryStream();
        context.Model.Save(model, view.Schema, file);
        foreach (var mapped in new[] { model.Transform(view), context.Model.Load(file, out _).Transform(view) })
        {
            Assert.Equal([0.1f, float.NaN, -1e-20f], mapped.GetColumn<float>("N"));
            Assert.Equal([long.MaxValue, -1, 0], mapped.GetColumn<long>("C"));
            Assert.Equal([true, false, false], mapped.GetColumn<bool>("F"));
        }
    }

    [Fact]
    public void Values_may_be_annotated_as_text()
    {
        var view = context.Data.LoadFromEnumerable(new Value[] { new() { Number = 2.5f }, new() { Number = 1 } });
        var mapped = context.Transforms.Conversion.MapValueToKey("Number", addKeyValueAnnotationsAsText: true)
            .Append(context.Transforms.Conversion.MapKeyToValue("Number")).Fit(view).Transform(view);
        Assert.Equal(["2.5", "1"], mapped.GetColumn<string>("Number"));
    }

    [Fact]
    public void Wrong_columns_are_refused_at_Fit()
    {
        var view = Texts("a");
        var conversion = context.Transforms.Conversion;
        Refuses("'Missing'", conversion.MapValueToKey("Key", "Missing"));
        Refuses("'Pair'", conversion.MapValueToKey("Key", "Pair"));
        Refuses("'Text'", conversion.MapKeyToValue("Value", "Text"));
        Refuses("'Pair'", conversion.MapValueToKey("Pair").Append(conversion.MapKeyToValue("Pair")));

        void Refuses(string named, IEstimator<ITransformer> estimator) =>
            Assert.Contains(named, Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(view)).Message);

        // A mapping of numbers does not map text.
        var mapping = conversion.MapValueToKey("Key", "Number").Fit(view);
        var other = context.Transforms.CopyColumns("Number", "Text").Fit(view).Transform(view);
        Assert.Contains("expected Single", Assert.Throws<ArgumentOutOfRangeException>(() => mapping.Transform(other)).Message);
    }
}
