using System.Collections;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace GanPipeline.Export;

/// <summary>What an iterator of the program gives, recorded whoever asks for it: a library, too.</summary>
internal abstract class RecordedSequence
{
    private static readonly int _next = References.Add(typeof(IEnumerator).GetMethod(nameof(IEnumerator.MoveNext))!);

    /// <summary>The copy of a method; of an iterator what makes of its result a sequence that is recorded.</summary>
    public static DynamicMethod Of(MethodInfo method, DynamicMethod copy, CallSite site)
    {
        if (!method.IsDefined(typeof(IteratorStateMachineAttribute)) || !IsSequence(method.ReturnType)) return copy;
        var parameters = MethodCopies.Parameters(method);
        var wrapper = new DynamicMethod(method.Name, method.ReturnType, parameters, typeof(RecordedSequence).Module, true);
        var il = wrapper.GetILGenerator();
        for (var i = 0; i < parameters.Length; i++) il.Emit(OpCodes.Ldarg, (short)i);
        il.Emit(OpCodes.Call, copy);
        il.Emit(OpCodes.Ldc_I4, References.Add(site));
        il.Emit(OpCodes.Call, typeof(RecordedSequence).GetMethod(nameof(Make), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(method.ReturnType.GetGenericArguments()));
        il.Emit(OpCodes.Ret);
        return wrapper;
    }

    private static bool IsSequence(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>);

    private static Recorded<T> Make<T>(IEnumerable<T> steps, int site) => new Recorded<T>(steps, site);

    private sealed class Recorded<T>(IEnumerable<T> steps, int site) : RecordedSequence, IEnumerable<T>
    {
        private static readonly int _begin = References.Add(typeof(IEnumerable<T>).GetMethod(nameof(IEnumerable<>.GetEnumerator))!);

        public IEnumerator<T> GetEnumerator()
        {
            using var at = (IEnumerator<T>)Recorder.Dispatch(steps, [], _begin, site)!;
            while ((bool)Recorder.Dispatch(at, [], _next, site)!) yield return at.Current;
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
