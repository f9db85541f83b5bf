using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Schemas in model files, annotations included.</summary>
internal static class SchemaIO
{
    private static readonly MethodInfo AddMethod =
        typeof(SchemaIO).GetMethod(nameof(AddAnnotation), BindingFlags.Static | BindingFlags.NonPublic);
    private static readonly MethodInfo WriteMethod =
        typeof(SchemaIO).GetMethod(nameof(WriteAnnotation), BindingFlags.Static | BindingFlags.NonPublic);

    internal static void Write(BinaryWriter writer, DataViewSchema schema)
    {
        writer.Write(schema.Count);
        foreach (var column in schema)
        {
            writer.Write(column.Name);
            writer.Write(column.Type);
            var annotations = column.Annotations.Schema;
            writer.Write(annotations.Count);
            foreach (var annotation in annotations)
            {
                writer.Write(annotation.Name);
                writer.Write(annotation.Type);
                RowGetters.Call<object>(WriteMethod, annotation.Type.RawType, writer, column.Annotations, annotation);
            }
        }
    }

    internal static DataViewSchema Read(BinaryReader reader)
    {
        var schema = new DataViewSchema.Builder();
        for (var columns = reader.ReadInt32(); columns > 0; columns--)
        {
            var name = reader.ReadString();
            var type = reader.ReadType();
            var annotations = new DataViewSchema.Annotations.Builder();
            for (var count = reader.ReadInt32(); count > 0; count--)
            {
                var kind = reader.ReadString();
                var kindType = reader.ReadType();
                RowGetters.Call<object>(AddMethod, kindType.RawType, reader, annotations, kind, kindType);
            }
            schema.AddColumn(name, type, annotations.ToAnnotations());
        }
        return schema.ToSchema();
    }

    private static object WriteAnnotation<T>(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column kind)
    {
        T value = default;
        annotations.GetGetter<T>(kind)(ref value);
        ValueIO<T>.Write(writer, value);
        return null;
    }

    private static object AddAnnotation<T>(BinaryReader reader, DataViewSchema.Annotations.Builder annotations, string kind,
        DataViewType type)
    {
        var value = ValueIO<T>.Read(reader);
        annotations.Add(kind, type, (ref T destination) => ValueCopier<T>.Copy(value, ref destination));
        return null;
    }
}
