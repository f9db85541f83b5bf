using System.IO.Compression;

namespace Microsoft.ML.Data;

/// <summary>
/// A model on disk: a zip with an entry "schema", where one was given, and a folder "TransformerChain" in which the transformer wrote
/// itself, those that it consists of in folders below. The folders are named as ML.NET names them; their entries are our own.
/// </summary>
internal static class ModelFile
{
    private const string SchemaEntry = "schema";
    private const string ModelFolder = "TransformerChain";

    internal static void Save(ITransformer model, DataViewSchema inputSchema, Stream stream)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        using var root = new ModelSaveContext(zip);
        if (inputSchema is not null) root.Write(SchemaEntry, writer => SchemaIO.Write(writer, inputSchema));
        root.Save(ModelFolder, model);
    }

    internal static ITransformer Load(MLContext context, Stream stream, out DataViewSchema inputSchema)
    {
        using var zip = Open(stream);
        var root = new ModelLoadContext(context, zip);
        inputSchema = root.Has(SchemaEntry) ? root.Read(SchemaEntry, SchemaIO.Read) : null;
        return root.Load<ITransformer>(ModelFolder);
    }

    private static ZipArchive Open(Stream stream)
    {
        try
        {
            return new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        }
        catch (InvalidDataException e)
        {
            throw new FormatException("The data are no model file: " + e.Message, e);
        }
    }
}
