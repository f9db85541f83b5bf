using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using TorchSharp;

namespace GanPipeline.Export;

/// <summary>
/// Copies of methods' IL in which the calls that matter go through a <see cref="Recorder"/>. A copy does what the method does: while
/// nothing is recorded on its thread, no more than that.
/// </summary>
internal static class MethodCopies
{
    private static readonly Dictionary<short, OpCode> _codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    private static readonly Dictionary<MethodBase, DynamicMethod> _copies = [];

    /// <summary>Layers whose call() with masks is no forward(), but a function of its own.</summary>
    private static readonly Type[] _ownCalls = [typeof(TorchSharp.Modules.Transformer), typeof(TorchSharp.Modules.TransformerEncoderLayer)];

    /// <summary>Whether the exporter looks into a method: the user's, and TorchSharp's own that only call other modules.</summary>
    public static bool CanCopy(MethodBase method) => !method.IsAbstract && method.GetMethodBody() is not null && (
        (CallSite.IsProgram(method) && !IsOfRecording(method.DeclaringType)) ||
        (method.DeclaringType == typeof(TorchSharp.Modules.Sequential) && method.Name == "forward") ||
        (method.Name == "call" && method.DeclaringType!.Assembly == typeof(torch).Assembly &&
            typeof(torch.nn.Module).IsAssignableFrom(method.DeclaringType) && !_ownCalls.Contains(method.DeclaringType!)));

    // The sequences that stand for iterators, and their own iterators.
    private static bool IsOfRecording(Type? type) =>
        type is not null && (typeof(RecordedSequence).IsAssignableFrom(type) || IsOfRecording(type.DeclaringType));

    /// <summary>The copy of a method.</summary>
    /// <exception cref="ExportException">The method's IL has what a copy cannot have.</exception>
    public static DynamicMethod Of(MethodBase method)
    {
        // Exports on other threads wait until it is whole; a method that calls itself finds the one that is being made.
        lock (_copies)
        {
            if (_copies.TryGetValue(method, out var known)) return known;
            var copy = new DynamicMethod(
                method.Name, method is MethodInfo { ReturnType: var type } ? type : typeof(void), Parameters(method), method.Module, true);
            _copies[method] = copy;
            try
            {
                Fill(copy, method);
            }
            catch
            {
                _copies.Remove(method);
                throw;
            }
            return copy;
        }
    }

    /// <summary>A method's parameters, the instance first.</summary>
    internal static Type[] Parameters(MethodBase method)
    {
        var parameters = method.GetParameters().Select(parameter => parameter.ParameterType);
        if (method.IsStatic) return [.. parameters];
        var instance = method.DeclaringType!;
        return [instance.IsValueType ? instance.MakeByRefType() : instance, .. parameters];
    }

    private static void Fill(DynamicMethod copy, MethodBase method)
    {
        var body = method.GetMethodBody()!;
        var il = body.GetILAsByteArray()!;
        var info = copy.GetDynamicILInfo();
        var locals = SignatureHelper.GetLocalVarSigHelper();
        foreach (var local in body.LocalVariables) locals.AddArgument(local.LocalType, local.IsPinned);
        info.SetLocalSignature(locals.GetSignature());
        new Rewriter(info, method, il).Run();
        info.SetCode(il, body.MaxStackSize + 2);
        if (body.ExceptionHandlingClauses.Count > 0) info.SetExceptions(Clauses(info, body.ExceptionHandlingClauses));
    }

    // ECMA-335, II.25.4.6: a section of fat clauses.
    private static byte[] Clauses(DynamicILInfo info, IList<ExceptionHandlingClause> clauses)
    {
        var size = 4 + 24 * clauses.Count;
        var section = new byte[size];
        section[0] = 0x41;
        section[1] = (byte)size;
        section[2] = (byte)(size >> 8);
        section[3] = (byte)(size >> 16);
        for (var i = 0; i < clauses.Count; i++)
        {
            var clause = clauses[i];
            ReadOnlySpan<int> fields =
            [
                (int)clause.Flags, clause.TryOffset, clause.TryLength, clause.HandlerOffset, clause.HandlerLength,
                clause.Flags == ExceptionHandlingClauseOptions.Clause ? info.GetTokenFor(clause.CatchType!.TypeHandle)
                    : clause.Flags == ExceptionHandlingClauseOptions.Filter ? clause.FilterOffset : 0,
            ];
            for (var j = 0; j < fields.Length; j++)
                BinaryPrimitives.WriteInt32LittleEndian(section.AsSpan(4 + 24 * i + 4 * j), fields[j]);
        }
        return section;
    }

    /// <summary>Puts a copy's own tokens, and the calls to the recorder, into a method's IL, whose length stays.</summary>
    private sealed class Rewriter(DynamicILInfo info, MethodBase method, byte[] il)
    {
        private readonly Type[]? _typeArguments = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        private readonly Type[]? _methodArguments = method is MethodInfo { IsGenericMethod: true } ? method.GetGenericArguments() : null;
        private int _at;

        // Where 'constrained.' stands before the next call, and of which type it speaks.
        private (int At, Type Type)? _constrained;

        // What 'ldftn' before the constructor of a delegate loads.
        private (int At, MethodInfo Method)? _pointer;

        public void Run()
        {
            while (_at < il.Length)
            {
                var start = _at;
                short value = il[_at++];
                if (value == 0xFE) value = unchecked((short)(0xFE00 | il[_at++]));
                var code = _codes[value];
                switch (code.OperandType)
                {
                    case OperandType.InlineNone: break;
                    case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar: _at++; break;
                    case OperandType.InlineVar: _at += 2; break;
                    case OperandType.InlineI8 or OperandType.InlineR: _at += 8; break;
                    case OperandType.InlineSwitch: _at += 4 + 4 * Token; break;
                    case OperandType.InlineI or OperandType.InlineBrTarget or OperandType.ShortInlineR: _at += 4; break;
                    case OperandType.InlineString: Put(info.GetTokenFor(method.Module.ResolveString(Token))); break;
                    case OperandType.InlineField: FieldOperand(start, code); break;
                    case OperandType.InlineType: TypeOperand(start, code); break;
                    case OperandType.InlineMethod: MethodOperand(start, code); break;
                    case OperandType.InlineTok: Member(); break;
                    default:
                        throw new ExportException($"{Place(start)} calls through a function pointer, which the exporter cannot follow.");
                }
                if (code != OpCodes.Constrained) _constrained = null;
                if (code != OpCodes.Ldftn && code != OpCodes.Ldvirtftn) _pointer = null;
            }
        }

        private int Token => BinaryPrimitives.ReadInt32LittleEndian(il.AsSpan(_at));

        private CallSite Place(int offset) => new(method, offset);

        private void Put(int token)
        {
            BinaryPrimitives.WriteInt32LittleEndian(il.AsSpan(_at), token);
            _at += 4;
        }

        private void FieldOperand(int start, OpCode code)
        {
            var field = method.Module.ResolveField(Token, _typeArguments, _methodArguments)!;
            // A lambda without captures is kept in a static field; one made by a run that nobody recorded would go on unrecorded.
            if (IsLambdaCache(field) && (code == OpCodes.Ldsfld || code == OpCodes.Stsfld))
            {
                il.AsSpan(start, 5).Fill((byte)OpCodes.Nop.Value);
                il[start] = (byte)(code == OpCodes.Ldsfld ? OpCodes.Ldnull : OpCodes.Pop).Value;
                _at += 4;
                return;
            }
            if (field.IsStatic && !field.IsLiteral && CallSite.IsProgram(field)) Initialize(field.DeclaringType!);
            Put(info.GetTokenFor(field.FieldHandle, field.DeclaringType!.TypeHandle));
        }

        // A class makes the tensors of its static fields once, for all runs: the recording's scope must not end them.
        private static void Initialize(Type type)
        {
            using var scope = torch.NewDisposeScope();
            try
            {
                RuntimeHelpers.RunClassConstructor(type.TypeHandle);
            }
            catch (TypeInitializationException)
            {
                // The program itself comes upon it.
            }
            scope.Detach(scope.DisposablesView);
        }

        private static bool IsLambdaCache(FieldInfo field) => field.IsStatic && typeof(Delegate).IsAssignableFrom(field.FieldType) &&
            field.DeclaringType!.Name.StartsWith('<');

        private void TypeOperand(int start, OpCode code)
        {
            var type = method.Module.ResolveType(Token, _typeArguments, _methodArguments);
            if (code == OpCodes.Constrained) _constrained = (start, type);
            Put(info.GetTokenFor(type.TypeHandle));
        }

        private void Member()
        {
            var member = method.Module.ResolveMember(Token, _typeArguments, _methodArguments)!;
            Put(member switch
            {
                Type type => info.GetTokenFor(type.TypeHandle),
                FieldInfo field => info.GetTokenFor(field.FieldHandle, field.DeclaringType!.TypeHandle),
                MethodBase other => info.GetTokenFor(other.MethodHandle, other.DeclaringType!.TypeHandle),
                _ => throw new ExportException($"{Place(_at)} has a token of {member.MemberType}, which the exporter does not know."),
            });
        }

        private void MethodOperand(int start, OpCode code)
        {
            var target = method.Module.ResolveMethod(Token, _typeArguments, _methodArguments)!;
            if ((code == OpCodes.Ldftn || code == OpCodes.Ldvirtftn) && target is MethodInfo pointed && CanCopy(pointed))
                _pointer = (start, pointed);
            if (code == OpCodes.Newobj && _pointer is var (at, function) && Delegates.Maker(target.DeclaringType!, function) is { } maker)
            {
                // What loads the function gives way to a null; ldvirtftn takes an instance from the stack first.
                var takesInstance = il[at + 1] == unchecked((byte)OpCodes.Ldvirtftn.Value);
                ReadOnlySpan<OpCode> instead = takesInstance
                    ? [OpCodes.Pop, OpCodes.Ldc_I4_0, OpCodes.Conv_I]
                    : [OpCodes.Ldc_I4_0, OpCodes.Conv_I];
                il.AsSpan(at, start - at).Fill((byte)OpCodes.Nop.Value);
                for (var i = 0; i < instead.Length; i++) il[at + i] = (byte)instead[i].Value;
                Redirect(start, maker);
                return;
            }
            if (target is ConstructorInfo constructor && CanCopy(constructor) &&
                (code == OpCodes.Newobj ? Constructions.Maker(constructor) : CallWrappers.Copy(constructor)) is { } construct)
            {
                Redirect(start, construct);
                return;
            }
            if ((code == OpCodes.Call || code == OpCodes.Callvirt) && target is MethodInfo called)
            {
                var instead = CallWrappers.For(called, code == OpCodes.Callvirt, _constrained?.Type, Place(start));
                if (instead is not null)
                {
                    if (_constrained is var (prefix, _)) il.AsSpan(prefix, 6).Fill((byte)OpCodes.Nop.Value);
                    Redirect(start, instead);
                    return;
                }
            }
            Put(info.GetTokenFor(target.MethodHandle, target.DeclaringType!.TypeHandle));
        }

        private void Redirect(int start, DynamicMethod target)
        {
            il[start] = (byte)OpCodes.Call.Value;
            Put(info.GetTokenFor(target));
        }
    }
}
