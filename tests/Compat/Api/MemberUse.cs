using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Reflection.Metadata;

namespace GanPipeline.Compat.Tests.Api;

/// <summary>Which members of some assemblies others refer to, or call among themselves.</summary>
internal sealed class MemberUse
{
    private static readonly Dictionary<short, OpCode> OpCodeOf = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    // Stands for whatever type parameters the place of a reference has; the definition that it leads to is the same.
    private static readonly Type[] AnyArguments = [.. Enumerable.Repeat(typeof(object), 16)];

    private readonly HashSet<(Module, int)> _used = [];

    /// <summary>Adds what the assembly's table of references names: everything that it uses of other assemblies.</summary>
    public void AddReferences(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var count = file.GetMetadataReader().GetTableRowCount(TableIndex.MemberRef);
        for (var row = 1; row <= count; row++) Add(assembly.ManifestModule, 0x0A000000 | row);
    }

    /// <summary>Adds what the assembly's methods use, of other assemblies and its own.</summary>
    public void AddCalls(Assembly assembly)
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        foreach (var type in assembly.GetTypes())
            foreach (var method in type.GetMethods(all).Cast<MethodBase>().Concat(type.GetConstructors(all)))
                if (method.GetMethodBody()?.GetILAsByteArray() is { } code)
                    foreach (var token in Tokens(code))
                        if (token != method.MetadataToken) Add(assembly.ManifestModule, token);
    }

    public bool Contains(ApiMember member) => member.Member switch
    {
        PropertyInfo property => property.GetAccessors(true).Any(Contains),
        EventInfo e => Contains(e.AddMethod!),
        var other => Contains(other),
    };

    private bool Contains(MemberInfo member) => _used.Contains((member.Module, member.MetadataToken));

    private void Add(Module module, int token)
    {
        // Some references are to what the runtime supplies, array accessors say; those resolve to nothing.
        try
        {
            if (module.ResolveMember(token, AnyArguments, AnyArguments) is { } member) _used.Add((member.Module, member.MetadataToken));
        }
        catch (MissingMethodException) { }
        catch (ArgumentException) { }
    }

    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (var at = 0; at < code.Length;)
        {
            var value = code[at] == 0xFE ? (short)(0xFE00 | code[at + 1]) : code[at];
            var operation = OpCodeOf[value];
            at += operation.Size;
            if (operation.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineTok)
                yield return BitConverter.ToInt32(code, at);
            at += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, at),
                _ => 4,
            };
        }
    }
}
