using Microsoft.ML.Data;

[assembly: ModelLoader<TransformerChain>("TransformerChain")]

namespace Microsoft.ML.Data;

/// <summary>Chains in model files.</summary>
internal sealed class TransformerChain : ILoadable
{
    internal static void Save(ModelSaveContext ctx, IReadOnlyList<ITransformer> transformers, TransformerScope[] scopes)
    {
        ctx.SetLoader<TransformerChain>();
        ctx.Write("scopes", writer =>
        {
            writer.Write(scopes.Length);
            foreach (var scope in scopes) writer.Write((int)scope);
        });
        for (var i = 0; i < transformers.Count; i++) ctx.Save(Folder(i), transformers[i]);
    }

    public static ICanSaveModel Load(ModelLoadContext context)
    {
        var scopes = context.Read("scopes", reader =>
        {
            var count = reader.ReadInt32();
            return Enumerable.Range(0, count).Select(_ => (TransformerScope)reader.ReadInt32()).ToArray();
        });
        return new TransformerChain<ITransformer>(scopes.Select((_, i) => context.Load<ITransformer>(Folder(i))), scopes);
    }

    private static string Folder(int i) => $"Transform_{i:d3}";
}
