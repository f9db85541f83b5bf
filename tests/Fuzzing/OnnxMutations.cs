using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Onnx;

namespace GanPipeline.Fuzzing;

/// <summary>
/// Changes of an ONNX file's fields: what comes of them can still be parsed, where changed bytes mostly cannot.
/// </summary>
internal static class OnnxMutations
{
    private const int Most = 6, Deepest = 30;

    private static readonly long[] _edges = [0, 1, -1, 2, 3, 5, 7, 11, 100, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue];

    private static readonly float[] _floats = [0, -1, float.NaN, float.PositiveInfinity, float.MaxValue, float.Epsilon];

    /// <summary>The file, changed in one to six fields; null where it is no model.</summary>
    public static byte[]? Of(byte[] file, IReadOnlyList<byte[]> tokens, Random random)
    {
        ModelProto model;
        try { model = ModelProto.Parser.ParseFrom(file); }
        catch (InvalidProtocolBufferException) { return null; }
        for (var n = random.Next(1, Most + 1); n > 0; n--)
        {
            var places = Messages(model, 0).SelectMany(m => m.Descriptor.Fields.InDeclarationOrder().Select(field => (m, field))).ToArray();
            // Rather what is there than what is not.
            var present = places.Where(place => IsPresent(place.m, place.field)).ToArray();
            var (message, changed) = random.Next(5) == 0 || present.Length == 0
                ? places[random.Next(places.Length)] : present[random.Next(present.Length)];
            Change(message, changed, tokens, random);
        }
        return model.ToByteArray();
    }

    private static IEnumerable<IMessage> Messages(IMessage message, int depth)
    {
        yield return message;
        if (depth > Deepest) yield break;
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder().Where(field => field.FieldType == FieldType.Message))
        {
            var value = field.Accessor.GetValue(message);
            foreach (var below in field.IsRepeated ? ((IList)value).Cast<IMessage>() : value is IMessage one ? [one] : [])
                foreach (var found in Messages(below, depth + 1)) yield return found;
        }
    }

    private static bool IsPresent(IMessage message, FieldDescriptor field) => field.Accessor.GetValue(message) switch
    {
        IList list => list.Count > 0,
        string text => text.Length > 0,
        ByteString bytes => bytes.Length > 0,
        var value => value is not null && (!field.HasPresence || field.Accessor.HasValue(message)),
    };

    private static void Change(IMessage message, FieldDescriptor field, IReadOnlyList<byte[]> tokens, Random random)
    {
        var value = field.Accessor.GetValue(message);
        if (value is IList list)
        {
            var at = list.Count == 0 ? 0 : random.Next(list.Count);
            switch (list.Count == 0 ? 0 : random.Next(5))
            {
                case 0: list.Insert(at, Changed(field, null, tokens, random)); break;
                case 1: list.RemoveAt(at); break;
                case 2: list.Insert(random.Next(list.Count + 1), Copy(list[at]!)); break;
                case 3: list[at] = Changed(field, list[at], tokens, random); break;
                default: (list[at], list[0]) = (Copy(list[0]!), Copy(list[at]!)); break;
            }
            return;
        }
        if (random.Next(4) == 0) field.Accessor.Clear(message);
        else field.Accessor.SetValue(message, Changed(field, value, tokens, random));
    }

    private static object Copy(object value) => value is IMessage message
        ? message.Descriptor.Parser.ParseFrom(message.ToByteArray()) : value;

    private static object Changed(FieldDescriptor field, object? value, IReadOnlyList<byte[]> tokens, Random random) =>
        field.FieldType switch
        {
            FieldType.Message => value is not null ? Copy(value) : field.MessageType.Parser.ParseFrom([]),
            FieldType.String => Text(value as string ?? "", tokens, random),
            FieldType.Bytes => ByteString.CopyFrom(
                Mutations.Of((value as ByteString ?? ByteString.Empty).ToByteArray(), [], tokens, random)),
            FieldType.Float => _floats[random.Next(_floats.Length)],
            FieldType.Double => (double)_floats[random.Next(_floats.Length)],
            FieldType.Int32 => unchecked((int)Edge(random)),
            FieldType.UInt64 => unchecked((ulong)Edge(random)),
            FieldType.Enum => Enum.ToObject(field.EnumType.ClrType, random.Next(-1, 20)),
            _ => Edge(random),
        };

    private static long Edge(Random random) => random.Next(3) == 0 ? random.Next(-2, 30) : _edges[random.Next(_edges.Length)];

    private static string Text(string text, IReadOnlyList<byte[]> tokens, Random random)
    {
        var token = tokens.Count == 0 ? "" : System.Text.Encoding.Latin1.GetString(tokens[random.Next(tokens.Count)]);
        return random.Next(4) switch
        {
            0 => token,
            1 => text.Insert(random.Next(text.Length + 1), token),
            2 => text + new string('n', 1 << random.Next(12)),
            _ => text.Length == 0 ? token : text[..random.Next(text.Length)],
        };
    }
}
