using System.Reflection;
using System.Reflection.Emit;

namespace GanPipeline.Compat.Tests.Api;

/// <summary>Which members some assemblies use, in methods and as attributes.</summary>
internal sealed class MemberUse
{
    private static readonly Dictionary<short, OpCode> OpCodeOf = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    private readonly HashSet<(Module, int)> _used = [];

    /// <summary>Adds what the assembly uses, of other assemblies and its own.</summary>
    public void Add(Assembly assembly)
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        foreach (var type in assembly.GetTypes())
        {
            foreach (var marked in type.GetMembers(all).Prepend(type))
                foreach (var attribute in marked.GetCustomAttributesData()) _used.Add((attribute.Constructor.Module, attribute.Constructor.MetadataToken));
            foreach (var method in type.GetMethods(all).Cast<MethodBase>().Concat(type.GetConstructors(all)))
                if (method.GetMethodBody()?.GetILAsByteArray() is { } code)
                    foreach (var token in Tokens(code))
                        if (token != method.MetadataToken) Add(method, token);
        }
    }

    public bool Contains(ApiMember member) => member.Member switch
    {
        PropertyInfo property => property.GetAccessors(true).Any(Contains),
        EventInfo e => Contains(e.AddMethod!),
        var other => Contains(other),
    };

    private bool Contains(MemberInfo member) => _used.Contains((member.Module, member.MetadataToken));

    private void Add(MethodBase caller, int token)
    {
        var ofType = caller.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var ofMethod = caller.IsGenericMethod ? caller.GetGenericArguments() : null;
        if (caller.Module.ResolveMember(token, ofType, ofMethod) is { } member) _used.Add((member.Module, member.MetadataToken));
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
