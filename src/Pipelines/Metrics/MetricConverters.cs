using System.Text.Json;
using System.Text.Json.Serialization;
using GanPipeline.ML;

namespace GanPipeline.Pipelines;

/// <summary>Doubles with so many significant digits; what is not finite becomes null, and null becomes NaN.</summary>
internal class RoundedDoubles(int digits) : JsonConverter<double>
{
    public override bool HandleNull => true;

    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value)) writer.WriteNumberValue(Json.Round(value, digits));
        else writer.WriteNullValue();
    }
}

/// <summary>Enough to tell two classifiers of ten thousand images apart.</summary>
internal sealed class SixDigits() : RoundedDoubles(6);

/// <summary>An interval of shares, in JSON [low, high].</summary>
[JsonConverter(typeof(Converter))]
internal readonly record struct ShareInterval(double Low, double High)
{
    public static ShareInterval From(Interval interval) => new(interval.Low, interval.High);

    /// <summary>"(0.9 to 1.5)", in percent.</summary>
    public override string ToString() => $"({TransferMetrics.Number(Low)} to {TransferMetrics.Number(High)})";

    private sealed class Converter : JsonConverter<ShareInterval>
    {
        private static readonly SixDigits _number = new();

        public override ShareInterval Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var ends = JsonSerializer.Deserialize<double?[]>(ref reader)!;
            return new(ends[0] ?? double.NaN, ends[1] ?? double.NaN);
        }

        public override void Write(Utf8JsonWriter writer, ShareInterval value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            _number.Write(writer, value.Low, options);
            _number.Write(writer, value.High, options);
            writer.WriteEndArray();
        }
    }
}
