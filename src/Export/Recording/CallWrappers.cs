using System.Collections;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>What a copied method calls in place of a method, so that the <see cref="Recorder"/> learns of it.</summary>
internal static class CallWrappers
{
    /// <summary>Tensor's methods that bring values to where C# can branch on them.</summary>
    private static readonly HashSet<string> _hostReads =
    [
        "item", "op_Explicit", "data", "get_bytes", "tolist", "ToScalar", "is_nonzero", "allclose", "ReadCpuBFloat16", "ReadCpuBool",
        "ReadCpuByte", "ReadCpuDouble", "ReadCpuFloat16", "ReadCpuInt16", "ReadCpuInt32", "ReadCpuInt64", "ReadCpuSByte", "ReadCpuSingle",
        "ReadCpuValue", "storage", "ToBoolean", "ToByte", "ToDouble", "ToInt16", "ToInt32", "ToInt64", "ToSByte", "ToSingle", "Equals",
        "op_True", "op_False",
    ];

    /// <summary>Types whose methods run delegates on any thread.</summary>
    private static readonly HashSet<Type> _threads =
        [typeof(Parallel), typeof(ParallelEnumerable), typeof(TaskFactory), typeof(TaskFactory<>), typeof(ThreadPool)];

    /// <summary>The method to call instead; null where the method itself is right.</summary>
    /// <param name="target">What is called.</param>
    /// <param name="dispatched">Whether the instance decides which override runs.</param>
    /// <param name="constrained">The type whose address, not reference, is the instance; null for a reference.</param>
    /// <param name="site">From where.</param>
    public static DynamicMethod? For(MethodInfo target, bool dispatched, Type? constrained, CallSite site)
    {
        if (constrained is { IsValueType: true } || target.ContainsGenericParameters) return null;
        var type = target.DeclaringType!;
        if (AsyncCalls.For(target) is { } asynchronous) return asynchronous;
        if (_threads.Contains(type.IsGenericType ? type.GetGenericTypeDefinition() : type) ||
            (typeof(Task).IsAssignableFrom(type) && target.Name is nameof(Task.Run) or "Start" or "ContinueWith" or "RunSynchronously"))
            return OnThreads(target);
        var parameters = MethodCopies.Parameters(target);
        if (parameters.Any(parameter => parameter.IsPointer)) return null;
        if (constrained is not null) parameters[0] = constrained.MakeByRefType();

        if (target.Name == nameof(Action.Invoke) && typeof(Delegate).IsAssignableFrom(type) && parameters.All(IsObject))
            return Boxed(target, parameters, nameof(Recorder.Invoke), References.Add(target), References.Add(site));
        if (target.Name == "forward" && typeof(nn.Module).IsAssignableFrom(type))
        {
            if (dispatched) return Boxed(target, parameters, nameof(Recorder.Forward), References.Add(target), References.Add(site));
            return MethodCopies.CanCopy(target) ? Copy(target) : Leaf(target, parameters, dispatched, site);
        }
        if (target.Name == "call" && typeof(nn.Module).IsAssignableFrom(type) && MethodCopies.CanCopy(target) && parameters.All(IsObject))
            return Boxed(target, parameters, nameof(Recorder.Dispatch), References.Add(target), References.Add(site));
        var isOne = !dispatched || !target.IsVirtual || target.IsFinal;
        if (MethodCopies.CanCopy(target) && isOne && constrained is null)
            return Copy(target) is { } copy ? RecordedSequence.Of(target, copy, site) : null;
        if (dispatched && MayBeUsers(target) && parameters.Skip(1).All(IsObject))
            return Boxed(target, parameters, nameof(Recorder.Dispatch), References.Add(target), References.Add(site));
        return type.Assembly == typeof(torch).Assembly && IsRecorded(target) ? Leaf(target, parameters, dispatched, site) : null;
    }

    /// <summary>The method that runs when one is called on an instance of a type; null where it is not found.</summary>
    public static MethodInfo? Implementation(MethodInfo method, Type type)
    {
        if (!method.IsVirtual) return method;
        if (method.DeclaringType!.IsInterface)
        {
            if (!method.DeclaringType.IsAssignableFrom(type) || type.IsArray) return null;
            var map = type.GetInterfaceMap(method.DeclaringType);
            return map.TargetMethods[Array.IndexOf(map.InterfaceMethods, method)];
        }
        var definition = method.GetBaseDefinition();
        for (var at = type; at is not null; at = at.BaseType)
            foreach (var candidate in at.GetMethods(
                BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
                if (candidate.IsVirtual && candidate.GetBaseDefinition() == definition) return candidate;
        return null;
    }

    /// <summary>Whether a type is a tensor or has tensors: a list, an array or a tuple of them.</summary>
    internal static bool HasTensors(Type type) => type == typeof(Tensor) || type == typeof(Tensor[]) ||
        (type.IsGenericType && (typeof(ITuple).IsAssignableFrom(type) || typeof(IEnumerable).IsAssignableFrom(type)) &&
            type.GetGenericArguments().Any(HasTensors));

    /// <summary>The copy of a method or a constructor; null where there can be none.</summary>
    internal static DynamicMethod? Copy(MethodBase target)
    {
        try
        {
            return MethodCopies.Of(target);
        }
        catch (ExportException)
        {
            // It runs as it is; a tensor that comes of it is an error where it is used.
            return null;
        }
    }

    // What a user's type may implement so that a tensor passes through it.
    private static bool MayBeUsers(MethodInfo target)
    {
        if (!target.IsVirtual) return false;
        var type = target.DeclaringType!;
        if (CallSite.IsProgram(target)) return true;
        return type.IsInterface && (type == typeof(IEnumerator) || (type.IsGenericType && type.GetGenericTypeDefinition() is var open &&
            (open == typeof(IEnumerable<>) || open == typeof(IEnumerator<>))) ||
            (target.Name is "call" or "forward" && type.Assembly == typeof(torch).Assembly));
    }

    private static bool IsObject(Type type) => !type.IsByRef && !type.IsByRefLike && !type.IsPointer;

    /// <summary>Whether a function's call is recorded: it returns tensors, or brings a tensor's values to C#.</summary>
    internal static bool IsRecorded(MethodInfo target)
    {
        if (target.GetParameters().Any(parameter => parameter.ParameterType.IsByRef)) return false;
        if (target.DeclaringType == typeof(Tensor) && (_hostReads.Contains(target.Name) || target.Name.StartsWith("set_TensorItems")))
            return true;
        return HasTensors(target.ReturnType) && !target.IsGenericMethod;
    }

    /// <summary>Calls the method and tells the recorder of arguments and result.</summary>
    private static DynamicMethod Leaf(MethodInfo target, Type[] parameters, bool dispatched, CallSite site)
    {
        var wrapper = new DynamicMethod(target.Name, target.ReturnType, parameters, typeof(Recorder).Module, true);
        var il = wrapper.GetILGenerator();
        for (var i = 0; i < parameters.Length; i++)
        {
            // What is recorded is not dropped, so that results can be compared.
            if (i == Recorder.TrainingParameter(target)) il.Emit(OpCodes.Ldc_I4_0);
            else Load(il, i, parameters[i], target);
        }
        il.Emit(dispatched && target.IsVirtual ? OpCodes.Callvirt : OpCodes.Call, target);
        var returns = target.ReturnType != typeof(void);
        if (returns) il.Emit(OpCodes.Stloc, il.DeclareLocal(target.ReturnType));
        Pack(il, parameters, 0, target);
        if (returns && IsObject(target.ReturnType))
        {
            il.Emit(OpCodes.Ldloc_0);
            il.Emit(OpCodes.Box, target.ReturnType);
        }
        else il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Ldc_I4, References.Add(target));
        il.Emit(OpCodes.Ldc_I4, References.Add(site));
        il.Emit(OpCodes.Call, typeof(Recorder).GetMethod(nameof(Recorder.Leaf))!);
        if (returns) il.Emit(OpCodes.Ldloc_0);
        il.Emit(OpCodes.Ret);
        return wrapper;
    }

    /// <summary>Calls the method, and tells the recorder that what is called meanwhile is on several threads.</summary>
    private static DynamicMethod OnThreads(MethodInfo target)
    {
        var parameters = MethodCopies.Parameters(target);
        var wrapper = new DynamicMethod(target.Name, target.ReturnType, parameters, typeof(Recorder).Module, true);
        var il = wrapper.GetILGenerator();
        il.Emit(OpCodes.Call, typeof(Recorder).GetMethod(nameof(Recorder.BeginThreads))!);
        for (var i = 0; i < parameters.Length; i++) il.Emit(OpCodes.Ldarg, (short)i);
        il.Emit(OpCodes.Call, target);
        il.Emit(OpCodes.Call, typeof(Recorder).GetMethod(nameof(Recorder.EndThreads))!);
        il.Emit(OpCodes.Ret);
        return wrapper;
    }

    /// <summary>Hands the call to a method of the recorder, which makes it.</summary>
    private static DynamicMethod Boxed(MethodInfo target, Type[] parameters, string recorder, int function, int site)
    {
        var wrapper = new DynamicMethod(target.Name, target.ReturnType, parameters, typeof(Recorder).Module, true);
        var il = wrapper.GetILGenerator();
        Load(il, 0, parameters[0], target);
        Pack(il, parameters, 1, target);
        il.Emit(OpCodes.Ldc_I4, function);
        il.Emit(OpCodes.Ldc_I4, site);
        il.Emit(OpCodes.Call, typeof(Recorder).GetMethod(recorder)!);
        if (target.ReturnType == typeof(void)) il.Emit(OpCodes.Pop);
        else il.Emit(OpCodes.Unbox_Any, target.ReturnType);
        il.Emit(OpCodes.Ret);
        return wrapper;
    }

    private static void Load(ILGenerator il, int index, Type parameter, MethodInfo target)
    {
        il.Emit(OpCodes.Ldarg, (short)index);
        // Where the instance's address is given, its reference is wanted.
        if (index == 0 && !target.IsStatic && parameter.IsByRef && !target.DeclaringType!.IsValueType)
            il.Emit(OpCodes.Ldobj, parameter.GetElementType()!);
    }

    private static void Pack(ILGenerator il, Type[] parameters, int from, MethodInfo target)
    {
        il.Emit(OpCodes.Ldc_I4, parameters.Length - from);
        il.Emit(OpCodes.Newarr, typeof(object));
        for (var i = from; i < parameters.Length; i++)
        {
            var type = parameters[i];
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldc_I4, i - from);
            if (type.IsByRefLike)
            {
                // A span as an array.
                il.Emit(OpCodes.Ldarga, (short)i);
                il.Emit(OpCodes.Call, type.GetMethod(nameof(Span<>.ToArray), Type.EmptyTypes)!);
            }
            else
            {
                Load(il, i, type, target);
                if (type.IsByRef && i == 0) type = type.GetElementType()!;
                if (type.IsValueType) il.Emit(OpCodes.Box, type);
            }
            il.Emit(OpCodes.Stelem_Ref);
        }
    }
}
